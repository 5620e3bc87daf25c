import BVAELanguage
import BVAEPlatform

/// What the words of a document are, for colours beyond those of a grammar.
enum SemanticTokensRequest: LanguageRequest {
  static let method = "textDocument/semanticTokens/full"
  static let capability: (name: String, value: JSON) = (
    "semanticTokensProvider",
    ["legend": ["tokenTypes": .list(types.map { .text($0) }), "tokenModifiers": []], "full": true]
  )

  /// The protocol's names, in the order of their numbers.
  private static let types = [
    "method", "keyword", "property", "enumMember", "variable", "function", "number", "string", "comment",
  ]

  private static func type(_ role: Highlight.Role) -> Int? {
    switch role {
    case .command: 0
    case .keyword: 1
    case .option: 2
    case .word: 3
    case .variable: 4
    case .function: 5
    case .number: 6
    case .text, .prose: 7
    case .comment: 8
    case .mistake: nil
    }
  }

  static func answer(_ request: DocumentRequest) -> JSON {
    _ = request.analysis()
    let document = request.document
    let highlights = request.session.highlights(of: String(decoding: document.bytes, as: UTF8.self))
    // Later ones lie on top of earlier ones; the protocol wants them side by side.
    var kinds = [Int8](repeating: -1, count: document.bytes.count)
    for highlight in highlights {
      let kind = Int8(type(highlight.role) ?? -1)
      for place in highlight.span.lower..<min(highlight.span.upper, kinds.count) { kinds[place] = kind }
    }
    var data: [JSON] = [], last = (line: 0, character: 0)
    for span in stretches(kinds).flatMap({ document.lines(of: $0) }) {
      let place = document.place(span.lower)
      let isSameLine = place.line == last.line
      data += [
        place.line - last.line, isSameLine ? place.character - last.character : place.character,
        document.length(span.lower, span.upper), Int(kinds[span.lower]), 0,
      ].map { JSON($0) }
      last = place
    }
    return ["data": .list(data)]
  }

  /// The stretches of one kind.
  private static func stretches(_ kinds: [Int8]) -> [Span] {
    var found: [Span] = [], start = 0
    for place in 0...kinds.count where place == kinds.count || kinds[place] != kinds[start] {
      if start < place, kinds[start] >= 0 { found.append(Span(start, place)) }
      start = place
    }
    return found
  }
}
