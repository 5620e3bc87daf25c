import BVAEDatasets
import BVAELanguage
import BVAEPlatform

/// NumPy's files as lists and records.
enum ArrayFile {
  /// The array of a .npy file: a list of numbers, of truth values or of texts; of no dimensions a single value.
  static func open(_ path: String, _ session: Session) throws -> Value {
    let contents = try NumPyContents.read(path, most: NumberArray.largest)
    tell(contents.isRounded ? [Path.name(path)] : [], session)
    return try value(contents)
  }

  /// The arrays of an .npz archive under their names.
  static func openArchive(_ path: String, _ session: Session) throws -> RecordValue {
    let arrays = try NumPyContents.readArchive(path, most: NumberArray.largest)
    guard !arrays.isEmpty else { throw ScriptFailure("'\(path)' holds no arrays") }
    tell(arrays.filter(\.contents.isRounded).map { "'\($0.name)'" }, session)
    return try RecordValue(arrays.map { (name: $0.name, value: try value($0.contents)) })
  }

  private static func tell(_ rounded: [String], _ session: Session) {
    guard !rounded.isEmpty else { return }
    session.host.note(
      "\(rounded.listed("and")): whole numbers beyond 9007199254740992 are rounded to the nearest number there is")
  }

  private static func value(_ contents: NumPyContents) throws -> Value {
    let shape = contents.shape
    switch contents.values {
    case .numbers(let numbers):
      if shape.isEmpty { return .number(numbers[0]) }
      return numbers.isEmpty ? .list(.empty) : try .numbers(numbers, shape: shape)
    case .truths(let truths):
      if shape.isEmpty { return .truth(truths[0] != 0) }
      guard !truths.isEmpty else { return .list(.empty) }
      return .list(ScriptList(try NumberArray(shape: shape, values: truths, areTruths: true)))
    case .texts(let texts):
      return shape.isEmpty ? .text(texts[0]) : try nested(texts[...], shape[...])
    }
  }

  private static func nested(_ texts: ArraySlice<String>, _ shape: ArraySlice<Int>) throws -> Value {
    guard shape.count > 1, let extent = shape.first, extent > 0 else {
      return .list(try ScriptList(texts.map { .text($0) }))
    }
    let size = texts.count / extent
    return .list(
      try ScriptList(
        (0..<extent).map { i in
          let start = texts.startIndex + i * size
          return try nested(texts[start..<start + size], shape.dropFirst())
        }))
  }
}

/// A record of numbers, texts and lists of them as an .npz archive of arrays.
extension RecordValue: SavableValue {
  static let endings = ["npz"]

  func write(to path: String) throws {
    let arrays = try zip(names, values).map { name, value -> NamedArray in
      guard !name.contains("/"), !name.hasSuffix(".npy") else {
        throw ScriptFailure("'\(name)' cannot be the name of an array in an archive")
      }
      return try NamedArray(name, value)
    }
    try Files.write(try NumPyArchiveFile.encoded(arrays), to: path)
  }
}

extension NamedArray {
  /// Numbers as int64 where all are whole, else as float64, truth values as bool, texts as such.
  init(_ name: String, _ value: Value) throws {
    switch value {
    case .number(let number): self.init(name, shape: [], try NumberArray(shape: [1], values: [number]).stored)
    case .truth(let truth): self.init(name, shape: [], .truths([truth ? 1 : 0]))
    case .text(let text): self.init(name, shape: [], .texts([text]))
    case .list, .range:
      let list = try value.listed()
      if let array = list.numbers {
        let values = array.areTruths ? .truths(array.values.map { $0 == 0 ? 0 : 1 }) : array.stored
        self.init(name, shape: array.shape, values)
        return
      }
      guard list.count > 0 else {
        self.init(name, shape: [0], .doubles([]))
        return
      }
      guard let (shape, texts) = Self.texts(list) else {
        throw ScriptFailure(
          "\(name.isEmpty ? "this" : "'\(name)'") is \(value.brief) that are not all numbers, truth values or texts in rows of the same length, which no array holds"
        )
      }
      self.init(name, shape: shape, .texts(texts))
    case .object(let object) where (try? object.value(ofField: "values")) ?? nil != nil:
      throw ScriptFailure("'\(name)' is \(value.brief), no array", hint: "its field 'values' is one")
    default: throw ScriptFailure("'\(name)' is \(value.brief), which no array holds")
    }
  }

  /// The texts of a list, or of lists of as many texts each, with their shape; nil where it holds something else.
  private static func texts(_ list: ScriptList) -> (shape: [Int], texts: [String])? {
    guard list.count > 0, list.numbers == nil else { return nil }
    var shape: [Int]?, texts: [String] = []
    for element in list.elements {
      switch element {
      case .text(let text) where shape ?? [] == []:
        shape = []
        texts.append(text)
      case .list(let inner):
        guard let (own, found) = Self.texts(inner), shape ?? own == own else { return nil }
        shape = own
        texts += found
      default: return nil
      }
    }
    return ([list.count] + (shape ?? []), texts)
  }
}

extension NumberArray {
  /// For a file: int64 where all are whole numbers, else float64.
  var stored: NamedArray.Values { wholeNumbers.map(NamedArray.Values.integers) ?? .doubles(values) }
}
