import BVAELanguage
import BVAEPlatform

/// What is known of the word under the pointer.
enum HoverRequest: LanguageRequest {
  static let method = "textDocument/hover"
  static let capability: (name: String, value: JSON) = ("hoverProvider", true)

  static func answer(_ request: DocumentRequest) -> JSON {
    _ = request.analysis()
    let text = String(decoding: request.document.bytes, as: UTF8.self)
    guard let found = request.session.inspection(of: text, at: request.offset) else { return .null }
    // As code, so that columns stay columns.
    let details = found.details.isEmpty ? "" : "\n\n```text\n\(found.details)\n```"
    return [
      "contents": ["kind": "markdown", "value": .text("```bvs\n\(found.title)\n```" + details)],
      "range": request.document.range(found.span),
    ]
  }
}

/// How the command or function is called that is being written.
enum SignatureRequest: LanguageRequest {
  static let method = "textDocument/signatureHelp"
  static let capability: (name: String, value: JSON) = (
    "signatureHelpProvider", ["triggerCharacters": [" ", "(", ","]]
  )

  static func answer(_ request: DocumentRequest) -> JSON {
    _ = request.analysis()
    guard let help = request.session.callHelp(after: request.document.text(upTo: request.offset)) else { return .null }
    var signature: [String: JSON] = [
      "label": .text(help.syntax), "documentation": .text(help.summary),
      "parameters": .list(
        help.parts.map { ["label": .text($0.syntax), "documentation": .text($0.explanation)] }),
    ]
    // Without an active part editors would mark the first.
    signature["activeParameter"] = JSON(help.active ?? help.parts.count)
    return [
      "signatures": [.object(signature)], "activeSignature": 0,
      "activeParameter": JSON(help.active ?? help.parts.count),
    ]
  }
}
