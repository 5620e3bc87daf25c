import BVAEArrays
import BVAEPixels
import BVAEPlatform

/// Pictures among the formats of files.
struct PictureFormat: FileFormat {
  var words: String { "\(PictureKind.all.map(\.name).listed("and")) pictures, and folders of them" }
  let hasLabelsBeside = false

  func recognises(_ beginning: [UInt8]) -> Bool { PictureKind(beginning) != nil }

  func images(_ file: DataFile, part: Split?, _ options: LoadOptions) throws -> any ImageSource {
    BytePicture(path: file.path, bytes: try file.allUnpacked(), fitting: options.fitting)
  }
}

/// One picture in memory.
struct BytePicture: ImageSource {
  let path: String
  let bytes: [UInt8]
  let fitting: Fitting
  private var reading = ReadingRemarks()

  init(path: String, bytes: [UInt8], fitting: Fitting) {
    (self.path, self.bytes, self.fitting) = (path, bytes, fitting)
  }

  let count = 1
  let isScaled = false

  var remarks: [LoadRemark] { reading.remarks(background: fitting.background) }

  func labels() throws -> [UInt8]? { nil }

  mutating func images(at places: [Int], storage: ImageStorage) throws -> ByteImages {
    let image = try fitting.picture(path, bytes, &reading)
    let shape = ImageShape(height: image.height, width: image.width, planes: image.planes)
    return ByteImages(shape: shape, bytes: image.bytes)
  }
}
