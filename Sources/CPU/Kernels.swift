import BVAEDevice
import BVAEKernelInterface
import BVAEKernelsPortable
import BVAEPlatform
import CBVAEProcessor

#if arch(x86_64)
  import BVAEKernelsAVX2
  import BVAEKernelsAVX512
#endif

/// A build of the kernels that this processor runs.
public struct Kernels: Sendable {
  let build: any KernelSet.Type

  /// What it is called: `AVX-512`, `AVX2+FMA` or `portable`.
  public var name: String { build.name }

  /// What their bits depend on, `fused` or `portable`: those for AVX2 and for AVX-512 add and multiply in the same order
  /// with one rounding, and give the same bits; the portable ones round twice.
  public var arithmetic: String { name == "portable" ? "portable" : "fused" }

  /// A function of each of `count` values, a multiple of sixteen, in place.
  func apply(_ activation: Activation, to values: UnsafeMutablePointer<Float>, count: Int) {
    switch activation {
    case .rectifier(let slope): build.rectify(values, count: count, slope: slope)
    case .sigmoid: build.sigmoid(values, count: count)
    case .tanh: build.tanh(values, count: count)
    }
  }

  /// All builds that the processor runs.
  public static var all: [Kernels] {
    #if arch(x86_64)
      [portable, avx2, avx512].compactMap { $0 }
    #else
      [portable]
    #endif
  }

  /// For any processor.
  public static let portable = Kernels(build: BVAEKernelsPortable.Build.self)

  #if arch(x86_64)
    /// For x86-64 with AVX2 and fused multiply-add; nil where the processor lacks either.
    public static let avx2 = processor_has_avx2_and_fma() ? Kernels(build: BVAEKernelsAVX2.Build.self) : nil

    /// For x86-64 with AVX-512; nil where the processor lacks it.
    public static let avx512 = processor_has_avx512() ? Kernels(build: BVAEKernelsAVX512.Build.self) : nil

    /// The fastest that the processor runs; the environment variable `BVAE_KERNELS` asks for `portable` or `avx2`.
    public static let best =
      switch Machine.environment("BVAE_KERNELS") {
      case "portable": portable
      case "avx2": avx2 ?? portable
      default: avx512 ?? avx2 ?? portable
      }
  #else
    /// The fastest that the processor runs.
    public static let best = portable
  #endif
}
