import BVAEArrays
import BVAEPixels

/// How images are made to suit a model: their size, planes and background. What is nil stays as it is.
public struct Fitting: Sendable, Hashable {
  /// Rows and columns wanted.
  public var size: Size?
  /// What happens to an image whose proportions are not those of `size`.
  public var proportions: Proportions
  /// What shows where a picture is transparent, white if nil, and around what is padded, black if nil.
  public var background: Color?
  /// 1 to make grey of colour, 3 to make colour of grey.
  public var planes: Int?

  /// Rows and columns, each 1…4096.
  public struct Size: Sendable, Hashable {
    /// Rows.
    public let height: Int
    /// Columns.
    public let width: Int

    /// A size; nil where it is outside of 1…4096.
    public init?(height: Int, width: Int) {
      guard IDX.sides.contains(height), IDX.sides.contains(width) else { return nil }
      (self.height, self.width) = (height, width)
    }
  }

  /// What happens to an image whose proportions are not those of the size wanted.
  public enum Proportions: String, CaseIterable, Sendable {
    /// It takes the new ones.
    case stretch
    /// It loses what is too much, at both sides alike.
    case crop
    /// It gets the background at two sides.
    case pad
  }

  /// A fitting; without arguments images stay as they are.
  public init(
    size: Size? = nil, planes: Int? = nil, proportions: Proportions = .stretch, background: Color? = nil
  ) {
    (self.size, self.planes, self.proportions, self.background) = (size, planes, proportions, background)
  }

  /// A picture as it is wanted.
  func fitted(_ bitmap: Bitmap) -> Bitmap {
    var bitmap = bitmap
    // Less to resample where planes go, and nothing twice where they come.
    if planes == 1 { bitmap = bitmap.grey }
    if let size {
      switch proportions {
      case .stretch: bitmap = bitmap.resized(width: size.width, height: size.height)
      case .crop: bitmap = bitmap.cropped(width: size.width, height: size.height)
      case .pad:
        bitmap = bitmap.padded(width: size.width, height: size.height, with: background ?? .black)
      }
    }
    return planes == 3 ? bitmap.colored : bitmap
  }

  /// The size of images of `shape` when they are fitted.
  func fitted(_ shape: ImageShape) -> ImageShape {
    ImageShape(height: size?.height ?? shape.height, width: size?.width ?? shape.width, planes: planes ?? shape.planes)
  }

  /// - Throws: `LibraryError.planes` where they are neither 1 nor 3.
  func check() throws(LibraryError) {
    if let planes, planes != 1 && planes != 3 { throw .planes(planes) }
  }

  /// Images as they are wanted.
  /// - Throws: `FileProblem` where they have no room, `LibraryError.planes`.
  func fitted(_ images: ByteImages, _ storage: ImageStorage = ImageStorage()) throws -> ByteImages {
    try check()
    let shape = images.shape, wanted = fitted(shape)
    if wanted == shape { return images }
    return try ByteImages.collecting(wanted, count: images.count, storage: storage) { index, pixels in
      pixels +=
        fitted(Bitmap(width: shape.width, height: shape.height, planes: shape.planes, bytes: images[index])).bytes
    }
  }
}

/// How files are read and what is made of their images.
public struct LoadOptions: Sendable, Hashable {
  /// Whether the images that are whole are taken of a file that was cut off.
  public var isPartial: Bool
  /// The size and planes wanted.
  public var fitting: Fitting
  /// Which of the file's values are black and white; nil for the usual ones: whole numbers 0…255, floating-point numbers
  /// and truth values 0…1.
  public var scale: Scale?
  /// The pictures that are read; those of this machine unless tests say otherwise.
  package var pictures = PictureKind.available
  /// Where large sets of images are kept.
  package var storage = ImageStorage()

  /// Options; without arguments files must be whole, and images stay as they are.
  public init(isPartial: Bool = false, fitting: Fitting = Fitting(), scale: Scale? = nil) {
    (self.isPartial, self.fitting, self.scale) = (isPartial, fitting, scale)
  }
}
