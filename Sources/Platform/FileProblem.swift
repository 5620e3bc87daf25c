import Glibc

/// What is wrong with a file, or with bytes that came from one, in words for the person at the keyboard: where, what was
/// found, what was expected, what to do. Every reader and writer of files throws this and nothing else about them.
public struct FileProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// A place in a file.
  public struct Place: Hashable, Sendable, CustomStringConvertible {
    /// The variable, array or member that it is in.
    public var part: String?
    /// The byte, counted from 0.
    public var byte: Int?
    /// What bytes are counted in, where that is not the file itself: `the inflated data`.
    public var whole: String?
    /// The line, counted from 1.
    public var line: Int?

    /// A byte, of the file itself unless `whole` says otherwise.
    public static func byte(_ byte: Int, of whole: String? = nil) -> Place { Place(byte: byte, whole: whole) }
    /// A line of text.
    public static func line(_ line: Int) -> Place { Place(line: line) }
    /// A variable, an array or a member, by its name.
    public static func part(_ name: String) -> Place { Place(part: name) }

    /// `in 'images', at byte 1,200 of the inflated data`
    public var description: String {
      [
        part.map { "in '\($0)'" }, line.map { "in line \($0.grouped)" },
        byte.map { "at byte \($0.grouped)" + (whole.map { " of \($0)" } ?? "") },
      ].compactMap { $0 }.joined(separator: ", ")
    }
  }

  /// The file as the user gave it; nil of bytes that have no name, or not yet.
  public var path: String?
  /// What could not be done with it: `read`, `write`, `list`.
  public var action: String
  /// Where in the file; nil for all of it.
  public var place: Place?
  /// What was found, half a sentence: `it is empty`.
  public var found: String
  /// What was expected there: `1 to 4,096`.
  public var expected: String?
  /// What to do: `fetch it again`.
  public var advice: String?
  /// Whether nothing else is wrong than that the data end too early.
  public var isCutOff: Bool

  /// A problem.
  public init(
    _ found: String, at place: Place? = nil, of path: String? = nil, action: String = "read", expected: String? = nil,
    advice: String? = nil, isCutOff: Bool = false
  ) {
    (self.path, self.action, self.place, self.found) = (path, action, place, found)
    (self.expected, self.advice, self.isCutOff) = (expected, advice, isCutOff)
  }

  /// What the system says of a call that failed.
  package init(_ action: String, _ path: String, code: Int32 = errno) {
    self.init(String(cString: strerror(code)), of: path, action: action)
  }

  /// `cannot read 'x.npz': in 'images': the array is 5 long; expected images × rows × columns`; without what stands before
  /// the place where there is no path.
  public var description: String { (path.map { "cannot \(action) '\($0)': " } ?? "") + reason }

  /// The same without the path.
  public var reason: String {
    (place.map { "\($0): " } ?? "") + found + (expected.map { "; expected \($0)" } ?? "")
      + (advice.map { "; \($0)" } ?? "")
  }

  /// The problem as one of the file at `path`, where it has no path yet.
  public func of(_ path: String) -> FileProblem {
    var named = self
    named.path = self.path ?? path
    return named
  }

  /// The problem as one in a variable, an array or a member of the file.
  public func within(_ part: String?) -> FileProblem {
    guard let part else { return self }
    var placed = self
    placed.place = place ?? Place()
    placed.place?.part = part
    return placed
  }

  /// Does what may find problems, which get the path where they have none.
  public static func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let problem as FileProblem {
      throw problem.of(path)
    }
  }
}
