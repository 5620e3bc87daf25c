/// Images that can be had in batches in which one factor of the scene varies and all others stay.
public protocol VariedImages {
  /// The factors that can be varied one at a time.
  var factors: [String] { get }
  /// Whether something beside these factors can vary.
  var hasOthers: Bool { get }
  /// The number of images, each of which a batch can start from.
  var count: Int { get }
  /// The size of each image.
  var shape: ImageShape { get }

  /// A batch.
  /// - Parameters:
  ///   - factor: which of `factors` varies while all else stays; nil for all else varying while these factors stay.
  ///   - image: the image that all images of the batch are like in what stays.
  ///   - count: how many images are wanted.
  ///   - generator: where all random numbers come from, so that the same state gives the same images.
  func images(
    varying factor: Int?, like image: Int, count: Int, using generator: inout RandomGenerator
  ) -> ByteImages
}
