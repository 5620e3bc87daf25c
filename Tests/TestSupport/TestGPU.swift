import BVAEGPU
import BVAEOpenCL
import BVAEPlatform
import Testing

/// The device of OpenCL that tests run on: a graphics processor where there is one, else PoCL on the processor
/// (Debian's pocl-opencl-icd). Tests that need it have the trait `.needsOpenCL`, which says so where there is none.
package enum TestGPU {
  /// With the tiles that suit it.
  package static let device = make(nil)
  /// With those of graphics processors, so that their groups of many items are tested on the processor too.
  package static let wide = make(ProductTile.wide)

  /// The device, made ready; nil where there is none, or it cannot be used.
  package static func make(_ tiles: [ProductTile]?, cache: String? = folder) -> GPUDevice? {
    hardware.flatMap { try? GPUDevice($0, cache: cache, tiles: tiles) }
  }

  package static let hardware = (try? OpenCLDevice.all())?.first

  /// Where the tests keep compiled kernels.
  package static let folder = Path.join(
    Path.parent(Path.parent(Path.parent(#filePath))), ".build/test-kernels")
}

extension Trait where Self == ConditionTrait {
  /// The test is left out where there is no OpenCL.
  package static var needsOpenCL: Self {
    .enabled(if: TestGPU.hardware != nil, "no device of OpenCL here: pocl-opencl-icd brings one")
  }
}
