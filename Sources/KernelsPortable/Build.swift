import BVAEKernelInterface

/// The kernels of this build; each kernel is an extension of it, in the file that explains it.
public enum Build: KernelSet {
  /// What the build is called.
  public static var name: String {
    #if WIDE
      "AVX-512"
    #elseif FUSED
      "AVX2+FMA"
    #else
      "portable"
    #endif
  }
}
