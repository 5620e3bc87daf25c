import BVAEPlatform

/// Which of a file's values are black and white: `0..255`, `-1..1`. What lies between is grey, linearly.
public struct Scale: Sendable, Hashable, CustomStringConvertible {
  /// The value that is black.
  public let black: Double
  /// The value that is white; it may be less than `black`, which turns light and dark around.
  public let white: Double

  /// A scale; nil where the two values are the same or not finite.
  public init?(black: Double, white: Double) {
    guard black.isFinite, white.isFinite, black != white, (white - black).isFinite else { return nil }
    (self.black, self.white) = (black, white)
  }

  private init(to white: Double) { (black, self.white) = (0, white) }

  /// What values of a kind mean where nothing is said: whole numbers 0…255, floating-point numbers and truth values 0…1.
  static func usual(of kind: BinaryNumber.Kind) -> Scale {
    switch kind {
    case .truth, .floating: Scale(to: 1)
    case .unsigned, .signed: Scale(to: 255)
    }
  }

  /// `0..16`; `[255, 0]` where black is more than white, for ranges do not fall.
  public var description: String {
    let (black, white) = (Scale.text(black), Scale.text(white))
    return self.black < self.white ? "\(black)..\(white)" : "[\(black), \(white)]"
  }

  /// The byte of a value, 255 · (value − black) / (white − black) to the nearest whole number, halves upwards; nil for
  /// what is outside, by more than rounding explains, or not a number.
  @inline(__always)
  func byte(_ value: Double) -> UInt8? {
    let scaled = (value - black) * 255 / (white - black)
    // Arithmetic in float32 goes a little beyond the ends.
    guard scaled >= -255e-5 && scaled <= 255 + 255e-5 else { return nil }
    // Rounded without a function's call: whole part, and one more from a half on.
    let inside = max(0, min(255, scaled)), whole = UInt8(inside)
    return inside - Double(whole) >= 0.5 ? whole + 1 : whole
  }

  /// The scale that values from `least` to `greatest` probably have: a usual one that they fill well, else just theirs.
  static func fitting(_ least: Double, _ greatest: Double) -> Scale? {
    let usual: [(Double, Double)] = [(0, 1), (-1, 1), (0, 255), (-128, 127), (0, 4095), (0, 65535), (-32768, 32767)]
    let found = usual.first { least >= $0.0 && greatest <= $0.1 && (least < 0 || greatest > 0.7 * $0.1) }
    if let found, found.0 == 0 || least < 0.3 * found.0 { return Scale(black: found.0, white: found.1) }
    return Scale(black: min(0, least), white: max(0, greatest))
  }

  /// The shortest text that scripts read as this number: `0`, `-0.5`, `2.1`.
  static func text(_ value: Double) -> String {
    if let whole = Int(exactly: value), whole.magnitude < 1_000_000_000_000 { return String(whole) }
    return value.formatted(digits: 6)
  }
}

/// The values that a file's images have, before they became bytes.
struct ValueRange: Equatable {
  var least = Double.infinity, greatest = -Double.infinity

  @inline(__always)
  mutating func take(_ value: Double) {
    if value < least { least = value }
    if value > greatest { greatest = value }
  }

  /// `go from 0 to 16`, `are all 7`
  var words: String {
    least == greatest ? "are all \(Scale.text(least))" : "go from \(Scale.text(least)) to \(Scale.text(greatest))"
  }
}

/// Makes bytes 0…255 of a file's numbers, and keeps in mind which values there were.
struct PixelConverter {
  let number: BinaryNumber
  /// The scale that was asked for; nil for the usual one.
  let given: Scale?
  /// The values so far.
  private(set) var range = ValueRange()
  private let scale: Scale
  private let isWhole: Bool
  private var mistake: (value: Double, image: Int)?
  /// Of numbers of one byte, the number and the pixel of each, and the pixel or else 0.
  private let numbers: [Double], bytes: [UInt8?], table: [UInt8]

  /// - Parameters:
  ///   - number: how the numbers lie in the file.
  ///   - kind: what sort of numbers they are meant as, where that is another than in the file: MATLAB stores doubles as
  ///     bytes where that saves room.
  init(_ number: BinaryNumber, as kind: BinaryNumber.Kind? = nil, scale: Scale?) {
    (self.number, given) = (number, scale)
    let kind = kind ?? number.kind
    self.scale = scale ?? .usual(of: kind)
    isWhole = kind != .floating
    numbers = number.size == 1 ? number.values((0...255).map { UInt8($0) }) : []
    bytes = numbers.map(self.scale.byte)
    table = bytes.map { $0 ?? 0 }
  }

  /// Appends the pixels of some numbers.
  /// - Parameters:
  ///   - first: how many numbers of the file's images stand before them.
  ///   - size: how many numbers an image has.
  mutating func append(_ values: ArraySlice<UInt8>, to pixels: inout [UInt8], from first: Int, size: Int) {
    if number.kind == .unsigned && number.size == 1 && given == nil && isWhole && scale.white == 255 {
      var low: UInt8 = 255, high: UInt8 = 0
      values.withUnsafeBufferPointer { bytes in
        for byte in bytes {
          low = min(low, byte)
          high = max(high, byte)
        }
      }
      if !values.isEmpty {
        self.range.take(Double(low))
        self.range.take(Double(high))
      }
      pixels += values
      return
    }
    let count = values.count / number.size
    var range = self.range, wrong: Int?
    let scale = scale
    if number.size == 1 {
      var seen = [Bool](repeating: false, count: 256)
      let part = [UInt8](unsafeUninitializedCapacity: count) { target, made in
        values.withUnsafeBufferPointer { values in
          table.withUnsafeBufferPointer { table in
            seen.withUnsafeMutableBufferPointer { seen in
              for place in 0..<count {
                let index = Int(values[place])
                seen[index] = true
                target.initializeElement(at: place, to: table[index])
              }
            }
          }
        }
        made = count
      }
      for index in 0...255 where seen[index] {
        range.take(numbers[index])
        if bytes[index] == nil, let place = values.firstIndex(of: UInt8(index)) {
          wrong = min(wrong ?? count, place - values.startIndex)
        }
      }
      pixels += part
    } else {
      let part = [UInt8](unsafeUninitializedCapacity: count) { target, made in
        made = count
        var place = 0
        values.withUnsafeBytes { bytes in
          number.convert(bytes, into: target) { value in
            range.take(value)
            let byte = scale.byte(value)
            if byte == nil && wrong == nil { wrong = place }
            place += 1
            return byte ?? 0
          }
        }
      }
      pixels += part
    }
    self.range = range
    if let wrong, mistake == nil {
      let value = number.value(values, at: values.startIndex + wrong * number.size)
      mistake = (value, (first + wrong) / size)
    }
  }

  /// The byte of one number; what is none is kept in mind as a mistake.
  mutating func byte(_ value: Double, image: Int) -> UInt8 {
    range.take(value)
    if let byte = scale.byte(value) { return byte }
    if mistake == nil { mistake = (value, image) }
    return 0
  }

  /// - Throws: `FileProblem` where a value was outside of the scale, which says what scale would suit.
  func check() throws(FileProblem) {
    guard let (value, image) = mistake else { return }
    guard value.isFinite else {
      throw FileProblem("image \(image.grouped) has the value \(value.formatted(digits: 8)), which is no shade of grey")
    }
    let remedy = Scale.fitting(range.least, range.greatest).map {
      "say 'scale \($0)' or which other values are black and white"
    }
    let place = range.least == range.greatest ? "" : " (\(Scale.text(value)) in image \(image.grouped))"
    if let given {
      throw FileProblem("its values \(range.words), beyond those of 'scale \(given)'\(place)", advice: remedy)
    }
    let usual = isWhole ? "whole numbers are taken for 0 to 255" : "fractions are taken for 0 to 1"
    throw FileProblem("its values \(range.words)\(place), but \(usual)", advice: remedy)
  }

  /// A word where whole numbers are far from reaching white, so that the images come out nearly black.
  var darkness: LoadRemark? {
    guard given == nil, range.greatest > 0, range.greatest < 0.25 * scale.white else { return nil }
    let meant = Scale.fitting(range.least, range.greatest).flatMap { $0.white < 0.5 * scale.white ? $0 : nil }
    let remedy = meant ?? Scale(black: 0, white: range.greatest)
    return .warning(
      "the values \(range.words), and \(Scale.text(scale.white)) is taken for white, so that the images are nearly "
        + "black" + (remedy.map { "; say 'scale \($0)' where \(Scale.text($0.white)) is white" } ?? ""))
  }
}
