import BVAELanguage
import BVAEPlatform

extension DocumentRequest {
  /// The names of the script, and which of them stands at the place.
  fileprivate func names() -> (all: [NameUse], here: NameUse?, analysis: Analysis) {
    let analysis = analysis(), all = analysis.nameUses
    let here = all.first { use in
      use.source === analysis.source && use.span.lower <= offset && offset <= use.span.upper
    }
    return (all, here, analysis)
  }

  /// Where a name stands, in this document or a file that it includes.
  fileprivate func location(_ use: NameUse, _ analysis: Analysis) -> JSON {
    let document = document(of: use.source, analysis)
    return ["uri": .text(document.uri), "range": document.range(use.span)]
  }

  fileprivate func document(of source: Source, _ analysis: Analysis) -> Document {
    if source === analysis.source { return document }
    return open(Files.canonical(source.name) ?? source.name) ?? Document(source, like: document)
  }
}

/// Where a name gets its value or its meaning.
enum DefinitionRequest: LanguageRequest {
  static let method = "textDocument/definition"
  static let capability: (name: String, value: JSON) = ("definitionProvider", true)

  static func answer(_ request: DocumentRequest) -> JSON {
    let (all, here, analysis) = request.names()
    guard let here else {
      guard let file = analysis.included(at: request.offset) else { return .null }
      let document = request.document(of: file, analysis)
      return ["uri": .text(document.uri), "range": document.range(Span(0, 0))]
    }
    // Of several places the last one before, which it has its value from; else the first.
    let places = all.filter { $0.isSet && $0.isSame(as: here) }
    let before = places.last { $0.source === here.source && $0.span.upper <= here.span.lower }
    return (here.isSet ? here : before ?? places.first).map { request.location($0, analysis) } ?? .null
  }
}

/// Where a name stands.
enum ReferencesRequest: LanguageRequest {
  static let method = "textDocument/references"
  static let capability: (name: String, value: JSON) = ("referencesProvider", true)

  static func answer(_ request: DocumentRequest) -> JSON {
    let (all, here, analysis) = request.names()
    guard let here else { return [] }
    let withSets = request.parameters["context"]?["includeDeclaration"]?.truth ?? true
    let found = all.filter { $0.isSame(as: here) && (withSets || !$0.isSet) }
    return .list(found.map { request.location($0, analysis) })
  }
}

/// Gives a variable or a command another name wherever it stands.
enum RenameRequest: LanguageRequest {
  static let method = "textDocument/rename"
  static let capability: (name: String, value: JSON) = ("renameProvider", ["prepareProvider": true])

  static func answer(_ request: DocumentRequest) throws(RequestError) -> JSON {
    guard let name = request.parameters["newName"]?.text else {
      throw RequestError(code: RequestError.invalidParams, message: "no new name is given")
    }
    let (all, here, analysis) = request.names()
    guard let here else {
      throw RequestError(code: RequestError.requestFailed, message: "here is no name that can be changed")
    }
    if let complaint = request.session.complaint(aboutName: name, insteadOf: here, among: all) {
      throw RequestError(code: RequestError.requestFailed, message: complaint)
    }
    var edits: [String: [JSON]] = [:]
    for use in all where use.isSame(as: here) {
      let document = request.document(of: use.source, analysis)
      edits[document.uri, default: []].append(["range": document.range(use.span), "newText": .text(name)])
    }
    return ["changes": .object(edits.mapValues { .list($0) })]
  }
}

/// Whether something can get another name, and what stands there now.
enum PrepareRenameRequest: LanguageRequest {
  static let method = "textDocument/prepareRename"
  static let capability = RenameRequest.capability

  static func answer(_ request: DocumentRequest) -> JSON {
    guard let here = request.names().here else { return .null }
    return ["range": request.document.range(here.span), "placeholder": .text(here.name)]
  }
}
