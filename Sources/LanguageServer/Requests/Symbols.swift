import BVAELanguage
import BVAEPlatform

/// The outline of a document: its report's headings, the commands that it defines, its variables where they are first set.
enum SymbolsRequest: LanguageRequest {
  static let method = "textDocument/documentSymbol"
  static let capability: (name: String, value: JSON) = ("documentSymbolProvider", true)

  /// The protocol's numbers for what they are.
  private static let headingKind = 15, functionKind = 12, variableKind = 13

  static func answer(_ request: DocumentRequest) -> JSON {
    let analysis = request.analysis(), document = request.document
    var seen: Set<String> = []
    let names = analysis.nameUses.filter { use in
      use.isSet && use.source === analysis.source && (use.owner == .command || use.owner == .script)
        && seen.insert(use.name).inserted
    }
    var symbols = names.map { (name: $0.name, kind: $0.owner == .command ? functionKind : variableKind, span: $0.span) }
    symbols += analysis.headings.map { (name: $0.text, kind: headingKind, span: $0.span) }
    return .list(
      symbols.sorted { $0.span.lower < $1.span.lower }.map { symbol in
        let range = document.range(symbol.span)
        return ["name": .text(symbol.name), "kind": JSON(symbol.kind), "range": range, "selectionRange": range]
      })
  }
}
