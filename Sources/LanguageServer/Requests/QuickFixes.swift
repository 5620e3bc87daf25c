import BVAELanguage
import BVAEPlatform

/// "Did you mean" as a change that can be made: offered where it mends the mistake.
enum QuickFixRequest: LanguageRequest {
  static let method = "textDocument/codeAction"
  static let capability: (name: String, value: JSON) = ("codeActionProvider", ["codeActionKinds": ["quickfix"]])

  private static let most = 20

  static func answer(_ request: DocumentRequest) throws(RequestError) -> JSON {
    let document = request.document
    guard let range = request.parameters["range"], let lower = document.offset(range["start"]),
      let upper = document.offset(range["end"])
    else { throw RequestError(code: RequestError.invalidParams, message: "no range is given") }
    let analysis = request.analysis()
    let here = analysis.diagnostics.filter { mistake in
      mistake.source === analysis.source && mistake.span.lower <= upper && mistake.span.upper >= lower
        && mistake.replacement != nil
    }
    return .list(here.prefix(most).compactMap { fix($0, analysis, request) })
  }

  private static func fix(_ mistake: Diagnostic, _ analysis: Analysis, _ request: DocumentRequest) -> JSON? {
    guard let word = mistake.replacement else { return nil }
    let isQuoted = analysis.source.text(mistake.span).first == "\""
    let text = isQuoted ? "\"\(word)\"" : word
    var bytes = request.document.bytes
    bytes.replaceSubrange(mistake.span.lower..<mistake.span.upper, with: Array(text.utf8))
    let mended = Source(name: analysis.source.name, folder: analysis.source.folder, bytes: bytes)
    let stays = request.session.analyse(mended).diagnostics.contains {
      $0.span.lower == mistake.span.lower && $0.message == mistake.message
    }
    guard !stays else { return nil }
    let document = request.document
    let edit: JSON = ["range": document.range(mistake.span), "newText": .text(text)]
    return [
      "title": .text("Change to '\(word)'"), "kind": "quickfix", "isPreferred": true,
      "diagnostics": [document.json(mistake)], "edit": ["changes": .object([document.uri: [edit]])],
    ]
  }
}
