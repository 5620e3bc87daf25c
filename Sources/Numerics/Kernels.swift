import CProcessor
import KernelInterface
import KernelsPortable
import Platform

#if arch(x86_64)
  import KernelsAVX2
  import KernelsAVX512
#endif

/// The build of the kernels that this processor runs.
public struct Kernels: Sendable {
  /// What it is called: `AVX-512`, `AVX2+FMA` or `portable`.
  public let name: String
  let multiply: @Sendable (Product, _ firstRow: Int, _ lastRow: Int, _ firstPanel: Int, _ lastPanel: Int) -> Void
  let multiplyTransposed:
    @Sendable (
      WeightGradient, _ run: Int, _ firstDepth: Int, _ lastDepth: Int, _ firstPanel: Int, _ lastPanel: Int,
      _ rows: Int, _ result: UnsafeMutablePointer<Float>, _ resultStride: Int, _ accumulates: Bool
    ) -> Void
  let sumColumns:
    @Sendable (UnsafePointer<Float>, UnsafePointer<Int32>, _ rows: Int, UnsafeMutablePointer<Float>) -> Void
  let adam:
    @Sendable (
      AdamStep, _ weights: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
      _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>, _ count: Int
    ) -> Void
  let layInTiles:
    @Sendable (
      UnsafePointer<Float>, _ sourceStride: Int, _ count: Int, _ images: Int, _ result: UnsafeMutablePointer<Float>
    ) -> Void
  let turnBack:
    @Sendable (
      UnsafePointer<Float>, _ sourceStride: Int, _ count: Int, _ images: Int, _ result: UnsafeMutablePointer<Float>,
      _ positions: UnsafePointer<Int32>, _ resultStride: Int, _ gate: UnsafePointer<Float>?, _ gateStride: Int,
      _ slope: Float
    ) -> Void
  let sigmoid: @Sendable (UnsafeMutablePointer<Float>, _ count: Int) -> Void

  let winograd: WinogradKernels

  /// What their bits depend on, `fused` or `portable`: those for AVX2 and for AVX-512 add and multiply in the same order
  /// with one rounding, and give the same bits; the portable ones round twice.
  public var arithmetic: String { name == "portable" ? "portable" : "fused" }

  /// All builds that the processor runs.
  public static var all: [Kernels] {
    #if arch(x86_64)
      [portable, avx2, avx512].compactMap { $0 }
    #else
      [portable]
    #endif
  }

  /// For any processor.
  public static let portable = Kernels(
    name: "portable",
    multiply: KernelsPortable.multiply,
    multiplyTransposed: KernelsPortable.multiplyTransposed,
    sumColumns: KernelsPortable.sumColumns,
    adam: KernelsPortable.adam,
    layInTiles: KernelsPortable.layInTiles,
    turnBack: KernelsPortable.turnBack,
    sigmoid: KernelsPortable.sigmoid,
    winograd: WinogradKernels(
      input: KernelsPortable.winogradInput, gradient: KernelsPortable.winogradGradient,
      output: KernelsPortable.winogradOutput,
      weights: KernelsPortable.winogradWeights, weightGradient: KernelsPortable.winogradWeightGradient))

  #if arch(x86_64)
    /// For x86-64 with AVX2 and fused multiply-add; nil where the processor lacks either.
    public static let avx2: Kernels? =
      processor_has_avx2_and_fma()
      ? Kernels(
        name: "AVX2+FMA",
        multiply: KernelsAVX2.multiply,
        multiplyTransposed: KernelsAVX2.multiplyTransposed,
        sumColumns: KernelsAVX2.sumColumns,
        adam: KernelsAVX2.adam,
        layInTiles: KernelsAVX2.layInTiles,
        turnBack: KernelsAVX2.turnBack,
        sigmoid: KernelsAVX2.sigmoid,
        winograd: WinogradKernels(
          input: KernelsAVX2.winogradInput, gradient: KernelsAVX2.winogradGradient, output: KernelsAVX2.winogradOutput,
          weights: KernelsAVX2.winogradWeights, weightGradient: KernelsAVX2.winogradWeightGradient))
      : nil

    /// For x86-64 with AVX-512; nil where the processor lacks it.
    public static let avx512: Kernels? =
      processor_has_avx512()
      ? Kernels(
        name: "AVX-512",
        multiply: KernelsAVX512.multiply,
        multiplyTransposed: KernelsAVX512.multiplyTransposed,
        sumColumns: KernelsAVX512.sumColumns,
        adam: KernelsAVX512.adam,
        layInTiles: KernelsAVX512.layInTiles,
        turnBack: KernelsAVX512.turnBack,
        sigmoid: KernelsAVX512.sigmoid,
        winograd: WinogradKernels(
          input: KernelsAVX512.winogradInput, gradient: KernelsAVX512.winogradGradient,
          output: KernelsAVX512.winogradOutput,
          weights: KernelsAVX512.winogradWeights, weightGradient: KernelsAVX512.winogradWeightGradient))
      : nil

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

/// The transforms of Winograd's filtering, see Winograd.swift among the kernels.
struct WinogradKernels: Sendable {
  typealias Source = UnsafePointer<Float>
  typealias Target = UnsafeMutablePointer<Float>
  /// A tile of a map into its places.
  typealias IntoPlaces =
    @Sendable (
      Filtering, Source, _ rowStride: Int, _ columnStride: Int, _ channels: Int, _ result: Target, _ placeStride: Int,
      _ scratch: Target
    ) -> Void

  let input: IntoPlaces
  let gradient: IntoPlaces
  let output: @Sendable (Filtering, Source, _ placeStride: Int, _ channels: Int, TileTarget, _ scratch: Target) -> Void
  let weights:
    @Sendable (
      Filtering, Source, _ rowStride: Int, _ columnStride: Int, _ result: Target, _ placeStride: Int,
      _ scratch: Target
    ) -> Void
  let weightGradient:
    @Sendable (
      Filtering, Source, _ placeStride: Int, _ result: Target, _ rowStride: Int, _ columnStride: Int,
      _ scratch: Target
    ) -> Void
}
