import BVAELanguage
import BVAEPlatform

/// What could complete the word before a place, each with its page of help.
enum CompletionRequest: LanguageRequest {
  static let method = "textDocument/completion"
  static let capability: (name: String, value: JSON) = (
    "completionProvider", ["triggerCharacters": [".", " ", "\"", "/", "{"]]
  )

  static func answer(_ request: DocumentRequest) -> JSON {
    let document = request.document, offset = request.offset
    _ = request.analysis()
    let before = document.text(upTo: offset)
    let (replacing, found) = request.session.completions(of: StatementCollector.lastLine(of: before))
    let range = document.range(Span(offset - before.suffix(replacing).utf8.count, offset))
    let isField = before.dropLast(replacing).last == "."
    let items = found.enumerated().map { place, completion in
      let page = isField ? nil : request.session.helpPage(completion.text)
      var item: [String: JSON] = [
        "label": .text(completion.text), "kind": JSON(kind(of: completion, isField: isField, request.session)),
        "sortText": .text(sortText(place)), "textEdit": ["range": range, "newText": .text(completion.text)],
      ]
      if !completion.summary.isEmpty { item["detail"] = .text(completion.summary) }
      if let page { item["documentation"] = ["kind": "plaintext", "value": .text(page)] }
      return JSON.object(item)
    }
    return ["isIncomplete": false, "items": .list(items)]
  }

  /// The order in which they were found.
  private static func sortText(_ place: Int) -> String {
    let digits = String(place)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }

  /// The protocol's number of what it is, for its icon: method, field, variable, function, keyword, value, file.
  private static func kind(of completion: Completion, isField: Bool, _ session: Session) -> Int {
    if isField { return 5 }
    if session.vocabulary.function(completion.text) != nil { return 3 }
    if session.vocabulary.command(completion.text) != nil || session.syntax(ofDefined: completion.text) != nil {
      return 2
    }
    if session.isVariable(completion.text) { return 6 }
    if completion.summary == "file" { return 17 }
    if completion.summary == "folder" { return 19 }
    return HelpPage.statements.contains { $0.name == completion.text } ? 14 : 12
  }
}
