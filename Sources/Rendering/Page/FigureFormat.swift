import BVAEPlatform

/// A form of file that figures are written in, told by the ending of its name. A new one is a file beside this one and a
/// line in `all`.
public struct FigureFormat: Sendable {
  /// What its files' names end in, in lower case.
  public let ending: String
  /// Whether pages of HTML and Markdown show it.
  public let isShownByPages: Bool
  /// A file of a page.
  /// - Throws: `FileProblem` where the page or its notes cannot be written so.
  package let encode: @Sendable (_ page: Page, _ about: FigureNotes) throws -> [UInt8]
  /// The characters of a page that cannot be drawn in it, each once.
  package let lackingCharacters: @Sendable (Page) -> [Character]

  /// All of them, the usual one first.
  public static let all: [FigureFormat] = [
    FigureFormat(ending: "png", isShownByPages: true, encode: { try $1.png($0) }) { $0.lackingCharacters },
    FigureFormat(ending: "svg", isShownByPages: true, encode: { try SVG.encode($0, $1) }) { _ in [] },
    FigureFormat(ending: "pdf", isShownByPages: false, encode: { try PDF.encode($0, $1) }) {
      StandardFonts.lacking(in: $0)
    },
  ]

  /// That of a file's ending.
  package static func named(_ ending: String) -> FigureFormat? { all.first { $0.ending == ending } }

  init(
    ending: String, isShownByPages: Bool, encode: @escaping @Sendable (Page, FigureNotes) throws -> [UInt8],
    lackingCharacters: @escaping @Sendable (Page) -> [Character]
  ) {
    (self.ending, self.isShownByPages, self.encode) = (ending, isShownByPages, encode)
    self.lackingCharacters = lackingCharacters
  }
}

/// What goes into the file of a figure beside the figure.
package struct FigureNotes: Sendable {
  /// What it shows, where no note says so.
  package var title: String
  /// Provenance, in order.
  package var notes: [(key: String, value: String)]

  package init(title: String, notes: [(key: String, value: String)]) {
    self.title = title
    self.notes = notes
  }

  /// What the notes call it, else its title.
  var heading: String { notes.first { $0.key == "Title" }?.value ?? title }

  fileprivate func png(_ page: Page) throws -> [UInt8] {
    try PNG.encode(Picture(bitmap: try page.render(), notes: notes))
  }
}
