import BVAEPlatform

/// An ordered document of prose, figures, tables and code, with where its numbers come from at the end.
///
/// Blocks are data; how they look is the business of a writer (`markdown(at:)`).
package struct Report: Sendable, Equatable {
  /// A part of the document.
  package enum Block: Sendable, Equatable {
    /// Markdown, as the script has it.
    case prose(String)
    /// A picture with its number and caption.
    case figure(Figure)
    /// A table, numbered where it has a caption.
    case table(Table, caption: String?)
    /// Lines of the script.
    case code(String)
    /// A page of HTML that does something.
    case page(Page)
  }

  /// A page of HTML in a file of its own that needs no other.
  package struct Page: Sendable, Equatable {
    /// The file, relative to the working folder or absolute.
    package var path: String
    /// What it is, as plain text.
    package var title: String
    /// The programs in it that may run, each as a policy names it (Content Security Policy, level 2): `'sha256-…'`.
    package var scripts: [String]

    /// A page.
    package init(path: String, title: String, scripts: [String]) {
      (self.path, self.title, self.scripts) = (path, title, scripts)
    }
  }

  /// A picture in a file of its own.
  package struct Figure: Sendable, Equatable {
    /// The file, relative to the working folder or absolute.
    package var path: String
    /// Its number in the document.
    package var number: Int
    /// What it shows, as plain text.
    package var caption: String

    /// A figure.
    package init(path: String, number: Int, caption: String) {
      self.path = path
      self.number = number
      self.caption = caption
    }

    /// `Figure 3: MNIST Single Digit Latent Z0`
    package var title: String { caption.isEmpty ? "Figure \(number)" : "Figure \(number): \(caption)" }
  }

  /// Rows and columns of text and numbers.
  package typealias Table = BVAEReporting.Table
  /// Where everything comes from.
  package typealias Provenance = BVAEReporting.Provenance

  /// The parts, in order.
  package var blocks: [Block] = []
  /// The lines of the script that ran before a part was added, by the part's place. Pages show them folded away.
  package private(set) var codes: [Int: String] = [:]
  /// Where everything comes from; nil leaves that section out.
  package var provenance: Provenance?

  /// An empty report.
  package init() {}

  /// The number that a figure without one of its own gets: one more than the largest so far.
  package var nextFigureNumber: Int {
    var largest = 0
    for case .figure(let figure) in blocks { largest = max(largest, figure.number) }
    return largest == .max ? largest : largest + 1
  }

  /// The figure of a number, if there is one.
  package func figure(_ number: Int) -> Figure? {
    for case .figure(let figure) in blocks where figure.number == number { return figure }
    return nil
  }

  /// The figure in a file, under whichever of its names, if there is one.
  package func figure(at path: String) -> Figure? {
    for case .figure(let figure) in blocks where Files.areSame(figure.path, path) { return figure }
    return nil
  }

  /// Adds prose; `continuing` joins it to prose that directly precedes it, as the next line of the same text.
  package mutating func add(prose text: String, continuing: Bool = false, code: String? = nil) {
    if continuing, case .prose(let before)? = blocks.last {
      blocks[blocks.count - 1] = .prose(before + "\n" + text)
    } else {
      append(.prose(text), code)
    }
  }

  private mutating func append(_ block: Block, _ code: String?) {
    if let code { codes[blocks.count] = code }
    blocks.append(block)
  }

  /// Adds a figure and returns it as numbered. A figure of the same file, under whichever name, is replaced in its place.
  @discardableResult
  package mutating func add(figure path: String, number: Int? = nil, caption: String, code: String? = nil) -> Figure {
    let earlier = blocks.firstIndex {
      if case .figure(let figure) = $0 { Files.areSame(figure.path, path) } else { false }
    }
    var kept: Int?
    if let earlier, case .figure(let figure) = blocks[earlier] { kept = figure.number }
    let figure = Figure(path: path, number: number ?? kept ?? nextFigureNumber, caption: caption)
    if let earlier {
      blocks[earlier] = .figure(figure)
      if let code { codes[earlier] = code }
    } else {
      append(.figure(figure), code)
    }
    return figure
  }

  /// Gives the figures and pages whose paths are relative paths from the root, for when another folder becomes the working folder.
  /// - Parameter folder: the working folder until now.
  package mutating func seeFigures(from folder: String) {
    for (place, block) in blocks.enumerated() {
      switch block {
      case .figure(var figure):
        figure.path = Path.join(folder, figure.path)
        blocks[place] = .figure(figure)
      case .page(var page):
        page.path = Path.join(folder, page.path)
        blocks[place] = .page(page)
      case .prose, .table, .code: break
      }
    }
  }

  /// Adds a table.
  package mutating func add(table: Table, caption: String? = nil, code: String? = nil) {
    append(.table(table, caption: caption), code)
  }

  /// Adds a page of HTML; one in the same file is replaced in its place.
  package mutating func add(page: Page, code: String? = nil) {
    let earlier = blocks.firstIndex {
      if case .page(let other) = $0 { Files.areSame(other.path, page.path) } else { false }
    }
    guard let earlier else { return append(.page(page), code) }
    blocks[earlier] = .page(page)
    if let code { codes[earlier] = code }
  }

  /// Adds lines of the script.
  package mutating func add(code: String) { blocks.append(.code(code)) }

  /// Ends the report with the lines of the script that ran after its last part.
  package mutating func end(code: String?) {
    if let code { codes[blocks.count] = code }
  }
}
