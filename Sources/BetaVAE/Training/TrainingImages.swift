import BVAEDevice
import BVAENetworks

/// The images of a training set, as its steps ask for them: a device with memory of its own keeps them there, if they have
/// room, and is told their numbers only.
package final class TrainingImages {
  /// The images.
  let images: ByteImages
  private let device: any Device
  private var kept: (any DeviceImages)?

  /// - Parameter device: where the steps are taken.
  init(_ images: ByteImages, on device: any Device) {
    (self.images, self.device) = (images, device)
    // What is read from a file as it is asked for stays there.
    guard images.keeping != .file else { return }
    kept = device.keep(images.count, imagesOf: images.shape.count) { images[$0] }
  }

  var count: Int { images.count }

  /// Sets the first images of a batch to those of these numbers.
  func load(_ numbers: [Int], into values: Values, levels: ByteLevels = .unit) {
    if let kept {
      device.load(kept, numbers, levels, into: values)
    } else {
      values.load(numbers.count, levels: levels) { images[numbers[$0]] }
    }
  }
}
