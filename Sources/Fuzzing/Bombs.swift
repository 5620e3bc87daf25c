import BVAEDatasets
import BVAELanguage
import BVAENotebook
import BVAEPixels
import BVAEPlatform
import BetaVAE
import CBVAEZlib

extension ReaderUnderTest {
  /// Files of just under ten megabytes that are made to take as much memory and time as they can, each for its reader.
  package static let bombs: [ReaderUnderTest] = [
    bomb("bomb-gzip") { try load(images(28, 28, total: 1_200_000_000, magic: 3, noise: noise(8_400_000)).gzip, $0) },
    bomb("bomb-gzip-wide") {
      try load(images(4096, 4096, total: 1_200_000_000, magic: 3, noise: noise(8_400_000)).gzip, $0)
    },
    bomb("bomb-gzip-zeros") { try load(images(28, 28, total: 9_000_000_000, magic: 3, noise: []).gzip, $0) },
    bomb("bomb-labels") {
      try Files.overwrite(images(1, 1, total: 9_000_000_000, magic: 1, noise: []).gzip, Path.join($0, "labels"))
      let name = Path.join($0, "images")
      try Files.overwrite([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7], name)
      _ = try DataLibrary(folder: $0).load(.file(name))
    },
    bomb("bomb-mat") { try load(matlab(32, 32, 3, total: 1_200_000_000, noise: noise(8_400_000)), $0) },
    bomb("bomb-mat-wide") { try load(matlab(4096, 4096, 3, total: 1_200_000_000, noise: noise(8_400_000)), $0) },
    bomb("bomb-npz") { try load(archive(["images"], [28, 28], "|u1", 1, 1_200_000_000, noise(8_400_000)), $0) },
    bomb("bomb-npz-doubles") {
      try load(archive(["images"], [28, 28], "<f8", 8, 520_000_000, noise(8_400_000, 0x3FD0 << 48, 48)), $0)
    },
    bomb("bomb-npz-wide") {
      try load(
        archive(["images"], [4096, 4096, 3], "<f8", 8, 520_000_000, noise(8_400_000, 0x3FD0 << 48, 48)), $0)
    },
    bomb("bomb-npz-columns") {
      try load(
        archive(
          ["images"], [28, 28], "<f8", 8, 520_000_000, noise(8_400_000, 0x3FD0 << 48, 48), isFortran: true), $0)
    },
    bomb("bomb-npz-labels") {
      try load(archive(["images", "labels"], [], "|u1", 1, 500_000_000, noise(4_000_000)), $0)
    },
    bomb("bomb-factors") {
      let numbers = Deflation(
        numPy([30_000_000, 10], "<f4") + noise(8_000_000, 0x3F80 << 48 | 0x3F80 << 16, 16), zeros: 1_192_000_000)
      let names = Deflation(numPy([10], "<U1") + (0..<10).flatMap { [UInt8(65 + $0), 0, 0, 0] }, zeros: 0)
      let path = Path.join($0, "file")
      try Files.overwrite(Deflation.zip([("factor_values.npy", numbers), ("factor_names.npy", names)]), path)
      _ = try DataLibrary.factors(ofFile: path)
    },
    bomb("bomb-png") { _ in _ = try PNG.decode(picture(8192, 8192, alpha: true)) },
    bomb("bomb-png-wide") { _ in _ = try PNG.decode(picture(1 << 30, 1, alpha: false)) },
    bomb("bomb-png-text") { _ in
      let text = chunk("zTXt", Array("a\0\0".utf8) + Deflation([], zeros: 14_000_000).zlib)
      _ = try PNG.decode(picture(8, 8, alpha: false, (0..<600).flatMap { _ in text }))
    },
    bomb("bomb-jpeg") { _ in _ = try JPEG.decode(progressive(8192, 8192, scans: 15)) },
    bomb("bomb-jpeg-scans") { _ in _ = try JPEG.decode(progressive(8192, 8192, scans: 500)) },
    bomb("bomb-folder") { try loadFolder(20, 4096, alpha: true, $0) },
    bomb("bomb-folder-kept") { try loadFolder(8, 4096, alpha: false, $0) },
    bomb("bomb-safetensors") { _ in
      let entries = (0..<150_000).map { "\"\($0)\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}" }
      _ = try Safetensors(bytes: header("{\(entries.joined(separator: ","))}"))
    },
    bomb("bomb-safetensors-texts") { _ in
      _ = try Safetensors(
        bytes: header("{\"__metadata__\":{\((0..<700_000).map { "\"\($0)\":\"\"" }.joined(separator: ","))}}"))
    },
    bomb("bomb-safetensors-deep") { _ in
      _ = try Safetensors(bytes: header(String(repeating: "[", count: 9_900_000)))
    },
    bomb("bomb-safetensors-shape") { _ in
      let ones = String(repeating: "1,", count: 4_900_000)
      _ = try Safetensors(bytes: header("{\"a\":{\"dtype\":\"F32\",\"shape\":[\(ones)0],\"data_offsets\":[0,0]}}"))
    },
    bomb("bomb-history") {
      let record = #"{"loss":1,"reconstruction":1,"divergence":[1],"active":0}"#
      let records = Array(repeating: record, count: 150_000).joined(separator: ",")
      let texts = ["history": #"{"epochs":[\#(records)],"wasInterrupted":false}"#]
      let path = Path.join($0, "model.safetensors")
      try Files.overwrite(try FuzzSeeds.weights(metadata: texts), path)
      _ = try VariationalAutoencoder.open(path)
    },
    bomb("bomb-times") {
      let store = ModelStore(folder: $0)
      try Files.overwrite(try FuzzSeeds.stored(key: "key"), store.path("key"))
      let numbers = Array(repeating: "1", count: 1_040_000).joined(separator: ",")
      try Files.overwrite(Array("[\(numbers)]".utf8), Path.join($0, "key.times.json"))
      _ = try store.restore("key", into: try FuzzSeeds.network())
    },
    bomb("bomb-script-lines") { try check("x = 1\n", 690_000, $0) },
    bomb("bomb-script-mistakes") { try check("xx yy\n", 690_000, $0) },
    bomb("bomb-script-deep") { try check("(", 4_190_000, $0) },
    bomb("bomb-script-text") { try check("\"{", 2_090_000, $0) },
    bomb("bomb-script-blocks") { try check("if true\n", 520_000, $0) },
    bomb("bomb-script-commands") { try check("load mnist digits 1 count 20\n", 144_000, $0) },
    bomb("bomb-script-prose") { try check("| {1}\n", 690_000, $0) },
    bomb("bomb-preset") { _ in _ = try Preset("x=\(String(repeating: "[", count: 130_000))") },
  ]

  private static func bomb(
    _ name: String, _ read: @escaping @Sendable (_ folder: String) throws -> Void
  ) -> ReaderUnderTest {
    ReaderUnderTest(name: name, read: { _, folder in try read(folder) }, corpusName: "preset")
  }

  private static func load(_ bytes: [UInt8], _ folder: String) throws {
    let path = Path.join(folder, "file")
    try Files.overwrite(bytes, path)
    _ = try DataLibrary(folder: folder).load(.file(path))
  }

  private static func loadFolder(_ count: Int, _ side: Int, alpha: Bool, _ folder: String) throws {
    let pictures = Path.join(folder, "pictures"), bytes = picture(side, side, alpha: alpha)
    try Files.makeDirectory(pictures)
    for number in 0..<count { try Files.overwrite(bytes, Path.join(pictures, "\(number).png")) }
    _ = try DataLibrary(folder: folder).load(.file(pictures))
  }

  private static func check(_ text: String, _ times: Int, _ folder: String) throws {
    let session = Session.full(host: SilentHost())
    let bytes = Array(String(repeating: text, count: times).utf8)
    let found = session.check(Source(name: "fuzz.bvs", folder: folder, bytes: bytes))
    if !found.isEmpty { throw FileProblem(rendered(found, limit: 3)) }
  }

  /// Numbers of which the upper bits are fixed and so many lower ones cannot be compressed.
  private static func noise(_ count: Int, _ fixed: UInt64 = 0, _ bits: UInt64 = 64) -> [UInt8] {
    var generator = FuzzGenerator(seed: 1, reader: "bomb", index: 0)
    return [UInt8](unsafeUninitializedCapacity: count) { bytes, used in
      for place in stride(from: 0, to: count - 7, by: 8) {
        let number = fixed | generator.next() & (bits == 64 ? .max : 1 << bits - 1)
        for i in 0..<8 {
          bytes.initializeElement(at: place + i, to: UInt8(truncatingIfNeeded: number >> UInt64(8 * i)))
        }
      }
      used = count / 8 * 8
    }
  }

  private static func images(_ height: Int, _ width: Int, total: Int, magic: UInt8, noise: [UInt8]) -> Deflation {
    let count = total / (height * width)
    let extents = magic == 1 ? [count] : [count, height, width]
    var header: [UInt8] = [0, 0, 8, magic]
    for extent in extents { header += Deflation.little(extent, 4).reversed() }
    return Deflation(header + noise, zeros: count * height * width - noise.count)
  }

  private static func matlab(_ height: Int, _ width: Int, _ planes: Int, total: Int, noise: [UInt8]) -> [UInt8] {
    let count = total / (height * width * planes), bytes = count * height * width * planes
    let little = Deflation.little
    let parts =
      little(6, 4) + little(8, 4) + little(9, 4) + little(0, 4) + little(5, 4) + little(16, 4)
      + [height, width, planes, count].flatMap { little($0, 4) } + little(1 << 16 | 1, 4) + [0x58, 0, 0, 0]
      + little(2, 4) + little(bytes, 4)
    let padding = (8 - bytes % 8) % 8
    let matrix = little(14, 4) + little(parts.count + bytes + padding, 4) + parts + noise
    let body = Deflation(matrix, zeros: bytes - noise.count + padding).zlib
    let start = Array("MATLAB 5.0 MAT-file".utf8) + Array(repeating: 0x20, count: 105) + [0, 1] + Array("IM".utf8)
    return start + little(15, 4) + little(body.count, 4) + body
  }

  private static func numPy(_ shape: [Int], _ type: String, isFortran: Bool = false) -> [UInt8] {
    let sizes = shape.map { "\($0)," }.joined()
    let text = Array(
      "{'descr': '\(type)', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': (\(sizes)), }\n".utf8)
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + Deflation.little(text.count, 2) + text
  }

  private static func archive(
    _ names: [String], _ shape: [Int], _ type: String, _ size: Int, _ total: Int, _ noise: [UInt8],
    isFortran: Bool = false
  ) -> [UInt8] {
    let count = total / (shape.reduce(size, *)), bytes = count * shape.reduce(size, *)
    let content = Deflation(
      numPy([count] + (shape.isEmpty ? [1, 1] : shape), type, isFortran: isFortran) + noise,
      zeros: bytes - noise.count)
    let labels = Deflation(numPy([count], type), zeros: count)
    return Deflation.zip(names.map { ("\($0).npy", $0 == "labels" ? labels : content) })
  }

  private static func chunk(_ kind: String, _ content: [UInt8]) -> [UInt8] {
    let bytes = Array(kind.utf8) + content
    let sum = bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
    return Deflation.little(content.count, 4).reversed() + bytes + Deflation.little(Int(sum), 4).reversed()
  }

  private static func picture(_ width: Int, _ height: Int, alpha: Bool, _ more: [UInt8] = []) -> [UInt8] {
    let header =
      Deflation.little(width, 4).reversed() + Deflation.little(height, 4).reversed() + [16, alpha ? 6 : 0, 0, 0, 0]
    let rows = Deflation([], zeros: height * (1 + width * (alpha ? 8 : 2)))
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", Array(header)) + more
      + chunk("IDAT", rows.zlib) + chunk("IEND", [])
  }

  /// A grey progressive JPEG (ITU-T T.81) in which a scan that says that nothing changes takes few bytes: its only code, of
  /// one bit, ends a run of 16,384 blocks.
  private static func progressive(_ width: Int, _ height: Int, scans: Int) -> [UInt8] {
    var file: [UInt8] = [0xFF, 0xD8]
    func add(_ marker: UInt8, _ content: [UInt8], zeros: Int = 0) {
      let length = content.count + 2
      file += [0xFF, marker, UInt8(length >> 8), UInt8(length & 255)]
      file += content
      file += [UInt8](repeating: 0, count: zeros)
    }
    func addTable(_ kind: UInt8, _ symbol: UInt8) {
      var content = [UInt8](repeating: 0, count: 18)
      (content[0], content[1], content[17]) = (kind, 1, symbol)
      add(0xC4, content)
    }
    let blocks = width * height / 64
    add(0xDB, [0] + [UInt8](repeating: 1, count: 64))
    let size: [UInt8] = [height >> 8, height & 255, width >> 8, width & 255].map { UInt8($0) }
    add(0xC2, [8] + size + [1, 1, 0x11, 0])
    addTable(0, 0)
    addTable(0x10, 0xE0)
    add(0xDA, [1, 1, 0, 0, 0, 0], zeros: blocks / 8)
    for scan in 1..<scans {
      let band = UInt8(1 + scan % 60)
      add(0xDA, [1, 1, 0, band, band, 0], zeros: blocks / 16_384 * 15 / 8 + 1)
    }
    return file + [0xFF, 0xD9]
  }

  private static func header(_ text: String) -> [UInt8] { Deflation.little(text.utf8.count, 8) + Array(text.utf8) }
}
