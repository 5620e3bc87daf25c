import FoundationEssentials
import Numerics

/// The safetensors format: eight bytes of header length, a JSON header of names, types, shapes and places, and the
/// values, little-endian. Only float32 arrays are taken.
public struct Safetensors: Sendable {
  /// Arrays by name.
  public var tensors: [String: Tensor]
  /// Free text by name.
  public var metadata: [String: String]

  /// A file's content.
  public init(tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// What is wrong with the bytes of a file.
  public struct FormatError: Error, Equatable, Sendable, CustomStringConvertible {
    /// In words.
    public let description: String

    init(_ description: String) { self.description = description }
  }

  /// The longest header that is accepted.
  static let headerLimit = 1 << 24

  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  private enum Item: Codable {
    case tensor(Entry)
    case metadata([String: String])

    init(from decoder: any Swift.Decoder) throws {
      self = try (try? Entry(from: decoder)).map(Item.tensor) ?? .metadata([String: String](from: decoder))
    }

    func encode(to encoder: any Swift.Encoder) throws {
      switch self {
      case .tensor(let entry): try entry.encode(to: encoder)
      case .metadata(let texts): try texts.encode(to: encoder)
      }
    }
  }

  /// Reads a file's bytes.
  /// - Throws: `FormatError` saying what was found and what was expected.
  public init(bytes: [UInt8]) throws {
    guard bytes.count >= 8 else {
      throw FormatError("no safetensors file: it has \(bytes.count) bytes, the header's length alone takes 8")
    }
    let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Self.headerLimit), length <= UInt64(bytes.count - 8) else {
      throw FormatError(
        "no safetensors file, or a truncated one: the header's length is given as \(length) bytes, "
          + "the file has \(bytes.count - 8) after it")
    }
    let start = 8 + Int(length)
    let items: [String: Item]
    do {
      items = try JSONDecoder().decode([String: Item].self, from: Data(bytes[8..<start]))
    } catch {
      throw FormatError("no safetensors file: its header is not the JSON that the format asks for")
    }
    tensors = [:]
    metadata = [:]
    // Arrays that share their bytes would make a small file fill the memory.
    let claimed = items.values.reduce(0) { sum, item in
      guard case .tensor(let entry) = item, entry.data_offsets.count == 2 else { return sum }
      let (size, overflow) = entry.data_offsets[1].subtractingReportingOverflow(entry.data_offsets[0])
      return min(sum + (overflow ? bytes.count + 1 : min(max(0, size), bytes.count + 1)), 1 << 60)
    }
    guard claimed <= bytes.count - start else {
      throw FormatError(
        "its arrays claim \(claimed) bytes, the file has \(bytes.count - start) for them: it is truncated, or they overlap"
      )
    }
    for (name, item) in items {
      switch item {
      case .metadata(let texts):
        guard name == "__metadata__" else { throw FormatError("'\(name)' has no type, shape and place") }
        metadata = texts
      case .tensor(let entry):
        tensors[name] = try Self.tensor(name, entry, bytes, start: start)
      }
    }
  }

  private static func tensor(_ name: String, _ entry: Entry, _ bytes: [UInt8], start: Int) throws -> Tensor {
    guard entry.dtype == "F32" else {
      throw FormatError("'\(name)' is of type \(entry.dtype); only float32 (F32) is read")
    }
    var count = 1
    for extent in entry.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow, product <= bytes.count else {
        throw FormatError("'\(name)' has the shape \(entry.shape), more than the file holds")
      }
      count = product
    }
    let room = bytes.count - start
    guard entry.data_offsets.count == 2, entry.data_offsets[0] >= 0, entry.data_offsets[0] <= entry.data_offsets[1],
      entry.data_offsets[1] <= room
    else {
      throw FormatError("'\(name)' is said to lie at \(entry.data_offsets), outside the file's \(room) bytes of values")
    }
    let first = entry.data_offsets[0]
    guard entry.data_offsets[1] - first == count * 4 else {
      throw FormatError(
        "'\(name)' has the shape \(entry.shape), which takes \(count * 4) bytes, but \(entry.data_offsets[1] - first) are set aside"
      )
    }
    let values = bytes.withUnsafeBytes { raw in
      [Float](unsafeUninitializedCapacity: count) { target, used in
        for i in 0..<count {
          let bits = raw.loadUnaligned(fromByteOffset: start + first + 4 * i, as: UInt32.self)
          target.initializeElement(at: i, to: Float(bitPattern: UInt32(littleEndian: bits)))
        }
        used = count
      }
    }
    return Tensor(shape: entry.shape, values: values)
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
