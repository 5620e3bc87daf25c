import BVAELanguage
import BVAEPlatform

extension Document {
  /// A mistake for the editor.
  func json(_ diagnostic: Diagnostic) -> JSON {
    let message = diagnostic.message + (diagnostic.hint.map { "\n" + $0 } ?? "")
    var members: [String: JSON] = [
      "range": range(diagnostic.span), "severity": diagnostic.severity == .error ? 1 : 2, "source": "bvae-script",
      "message": .text(message),
    ]
    let steps = diagnostic.trace.filter { Document.isFile($0.source) }.map { step in
      let document = Document(step.source, like: self)
      return JSON.object([
        "message": .text(step.text),
        "location": ["uri": .text(document.uri), "range": document.range(step.span)],
      ])
    }
    if !steps.isEmpty { members["relatedInformation"] = .list(steps) }
    return .object(members)
  }

  private static func isFile(_ source: Source) -> Bool { source.name.hasPrefix("/") }
}

extension Analysis {
  /// A mistake at the `include` of each file that has mistakes.
  var othersMistakes: [Diagnostic] {
    var told: Set<String> = []
    return diagnostics.compactMap { diagnostic in
      guard diagnostic.source !== source, diagnostic.severity == .error, let span = placeOfInclude(diagnostic.source),
        told.insert(diagnostic.source.name).inserted
      else { return nil }
      return Diagnostic(
        "\(diagnostic.source.name):\(diagnostic.line): \(diagnostic.message)", hint: diagnostic.hint, source: source,
        span: span)
    }
  }
}
