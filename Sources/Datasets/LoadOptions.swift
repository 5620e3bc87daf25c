import BVAEPixels

/// How files are read and what is made of their images.
public struct LoadOptions: Sendable, Hashable {
  /// Whether the images that are whole are taken of a file that was cut off.
  public var isPartial: Bool
  /// The size and planes wanted.
  public var fitting: Fitting
  /// Which of the file's values are black and white; nil for the usual ones: whole numbers 0…255, floating-point numbers
  /// and truth values 0…1.
  public var scale: Scale?
  /// Whether JPEG pictures can be read; false stands for a machine without the library.
  package var readsJPEG = JPEG.isAvailable

  /// Options; without arguments files must be whole, and images stay as they are.
  public init(isPartial: Bool = false, fitting: Fitting = Fitting(), scale: Scale? = nil) {
    (self.isPartial, self.fitting, self.scale) = (isPartial, fitting, scale)
  }
}
