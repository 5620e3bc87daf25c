import BVAECPU
import BVAEPlatform
import FoundationEssentials

/// The safetensors format: eight bytes of header length, a JSON header of names, types, shapes and places, and the
/// values, little-endian. Arrays of float32, float16, bfloat16 and float64 are read, all as float32.
public struct Safetensors: Sendable {
  /// Arrays by name.
  public var tensors: [String: Tensor]
  /// Free text by name.
  public var metadata: [String: String]
  /// The types that the arrays had in the file: F32, F16, BF16, F64.
  public private(set) var types: Set<String> = []

  /// A file's content.
  public init(tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The longest header that is accepted.
  static let headerLimit = 1 << 24

  private struct Entry: Encodable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  private enum Item: Encodable {
    case tensor(Entry)
    case metadata([String: String])

    func encode(to encoder: any Swift.Encoder) throws {
      switch self {
      case .tensor(let entry): try entry.encode(to: encoder)
      case .metadata(let texts): try texts.encode(to: encoder)
      }
    }
  }

  /// Reads a file's bytes.
  /// - Throws: `FileProblem`, without the path, saying what was found and what was expected.
  public init(bytes: [UInt8]) throws {
    if let kind = Self.otherKind(bytes) { throw FileProblem("it is not a safetensors file but \(kind)") }
    guard bytes.count >= 8 else {
      throw FileProblem(
        "it is not a safetensors file: it has \(bytes.count) bytes, fewer than the 8 of the header's length")
    }
    let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Self.headerLimit), length <= UInt64(bytes.count - 8) else {
      throw FileProblem(
        "it is not a safetensors file, or a truncated one: the header claims \(length) bytes, but only "
          + "\(bytes.count - 8) follow")
    }
    let start = 8 + Int(length)
    let header = try SafetensorsHeader(Array(bytes[8..<start]))
    // Arrays that share their bytes would make a small file fill the memory.
    let claimed = header.entries.values.reduce(0) { sum, entry in
      min(sum + min(max(0, entry.range[1] - entry.range[0]), bytes.count + 1), 1 << 60)
    }
    guard claimed <= bytes.count - start else {
      throw FileProblem(
        "its arrays claim \(claimed) bytes, but the file holds \(bytes.count - start): it is truncated, or they overlap"
      )
    }
    metadata = header.metadata
    // Counts of batches, which PyTorch keeps with each batch norm as int64 and nothing depends on.
    let entries = header.entries.filter { !$0.key.hasSuffix(".num_batches_tracked") }
    types = Set(entries.values.map(\.type))
    tensors = [:]
    for (name, entry) in entries { tensors[name] = try Self.tensor(name, entry, bytes, start: start) }
  }

  private static func tensor(
    _ name: String, _ entry: SafetensorsHeader.Entry, _ bytes: [UInt8], start: Int
  ) throws -> Tensor {
    guard let type = ElementType(rawValue: entry.type) else {
      throw FileProblem(
        "the values of '\(name)' are of type \(entry.type)",
        expected: ElementType.allCases.map(\.rawValue).listed("or"))
    }
    var count = 1
    for extent in entry.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow, product <= bytes.count else {
        throw FileProblem("'\(name)' has the shape \(entry.shape), more than the file holds")
      }
      count = product
    }
    let room = bytes.count - start
    guard entry.range[0] >= 0, entry.range[0] <= entry.range[1], entry.range[1] <= room else {
      throw FileProblem("'\(name)' claims the bytes \(entry.range), outside the file's \(room) bytes of values")
    }
    let first = entry.range[0]
    guard entry.range[1] - first == count * type.size else {
      throw FileProblem(
        "'\(name)' has the shape \(entry.shape), which takes \(count * type.size) bytes, but has \(entry.range[1] - first)"
      )
    }
    let values = bytes.withUnsafeBytes { raw in
      [Float](unsafeUninitializedCapacity: count) { target, used in
        for i in 0..<count {
          target.initializeElement(at: i, to: type.value(raw, start + first + type.size * i))
        }
        used = count
      }
    }
    return Tensor(shape: entry.shape, values: values)
  }

  /// How the values of an array are stored.
  private enum ElementType: String, CaseIterable {
    case float32 = "F32", float16 = "F16", bfloat16 = "BF16", float64 = "F64"

    /// Bytes a value.
    var size: Int {
      switch self {
      case .float16, .bfloat16: 2
      case .float32: 4
      case .float64: 8
      }
    }

    @inline(__always)
    func value(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Float {
      switch self {
      case .float32:
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
      case .float64:
        Float(Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))))
      case .bfloat16:
        Float(
          bitPattern: UInt32(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))) << 16)
      case .float16:
        Float(Float16(bitPattern: UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))))
      }
    }
  }

  /// What the first bytes show a file to be that is often given the name of another; nil for anything else, and for a
  /// header's length that could be meant.
  private static func otherKind(_ bytes: [UInt8]) -> String? {
    let beginnings: [([UInt8], String)] = [
      ([0x50, 0x4B, 0x03, 0x04], "a zip archive, as written by torch.save"),
      ([0x80, 0x02], "a pickle, as written by older versions of torch.save"),
      ([0x89, 0x48, 0x44, 0x46], "an HDF5 file, as written by Keras"),
      (Array("<!DOCTYPE".utf8), "a web page"), (Array("<html".utf8), "a web page"),
    ]
    guard bytes.count < 8 || bytes[3..<8].contains(where: { $0 != 0 }) else { return nil }
    return beginnings.first { bytes.starts(with: $0.0) }?.1
  }

  /// The file's bytes: tensors in the order of their names, the values aligned to eight bytes.
  public func encoded() throws -> [UInt8] {
    let names = tensors.keys.sorted()
    var bytes = try Self.header(names.map { ($0, tensors[$0]!.shape) }, metadata: metadata)
    bytes.reserveCapacity(bytes.count + 4 * names.reduce(0) { $0 + tensors[$1]!.values.count })
    for name in names {
      tensors[name]!.values.withUnsafeBufferPointer { values in
        #if _endian(little)
          bytes.append(contentsOf: UnsafeRawBufferPointer(values))
        #else
          for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
        #endif
      }
    }
    return bytes
  }

  /// What stands before the values of arrays that follow each other in the order given.
  static func header(_ arrays: [(name: String, shape: [Int])], metadata: [String: String]) throws -> [UInt8] {
    var items: [String: Item] = metadata.isEmpty ? [:] : ["__metadata__": .metadata(metadata)]
    var offset = 0
    for (name, shape) in arrays {
      let end = offset + shape.reduce(4, *)
      items[name] = .tensor(Entry(dtype: "F32", shape: shape, data_offsets: [offset, end]))
      offset = end
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var header = Array(try encoder.encode(items))
    header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
  }
}
