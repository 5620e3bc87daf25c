import Pixels

/// How files are read and what is made of their images.
public struct LoadOptions: Sendable, Hashable {
  /// Whether the images that are whole are taken of a file that was cut off.
  public var isPartial: Bool
  /// The size and planes wanted.
  public var fitting: Fitting
  /// Whether JPEG pictures can be read; false stands for a machine without the library.
  package var readsJPEG = JPEG.isAvailable

  /// Options; without arguments files must be whole, and images stay as they are.
  public init(isPartial: Bool = false, fitting: Fitting = Fitting()) {
    (self.isPartial, self.fitting) = (isPartial, fitting)
  }
}
