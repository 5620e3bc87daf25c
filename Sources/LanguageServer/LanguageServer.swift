import BVAEConsole
import BVAELanguage
import BVAENotebook
import BVAEPlatform

/// A kind of request about a document, and how it is answered.
protocol LanguageRequest {
  /// Its name in the protocol: `textDocument/hover`.
  static var method: String { get }
  /// What an editor is told at the beginning that it can ask for.
  static var capability: (name: String, value: JSON) { get }
  /// The result; `null` where there is nothing to say.
  /// - Throws: `RequestError`.
  static func answer(_ request: DocumentRequest) throws(RequestError) -> JSON
}

/// A request about a place of a document.
struct DocumentRequest {
  let document: Document
  /// All that are open, by the whole path of the file.
  let open: (String) -> Document?
  let session: Session
  let parameters: JSON
  /// The place in bytes; the end where none is told.
  let offset: Int

  /// Looks at the document, with what its variables hold at the place.
  func analysis() -> Analysis { session.analyse(document.source, at: offset) }
}

/// What a request is answered with that cannot be carried out.
struct RequestError: Error {
  let code: Int
  let message: String

  /// The numbers of JSON-RPC and of the protocol.
  static let parseError = -32700, invalidRequest = -32600, methodNotFound = -32601, invalidParams = -32602
  static let notInitialized = -32002, requestFailed = -32803
}

/// `--lsp`: answers an editor until it says `exit`, or its end of the line is closed.
package final class LanguageServer {
  private let wire = Wire()
  private let session: Session
  private var documents: [String: Document] = [:]
  /// The documents whose mistakes are still to be told.
  private var changed: [String] = []
  private var state = State.new
  private var usesUTF8 = false

  private enum State {
    case new
    case initialized
    case shutDown
  }

  /// What can be asked, a line each.
  private static var requests: [any LanguageRequest.Type] {
    [
      CompletionRequest.self, HoverRequest.self, SignatureRequest.self, SemanticTokensRequest.self,
      SymbolsRequest.self, DefinitionRequest.self, ReferencesRequest.self, RenameRequest.self,
      PrepareRenameRequest.self, QuickFixRequest.self,
    ]
  }

  /// A server.
  package init(options: NotebookOptions) {
    session = .full(host: SilentHost(), options: options)
    session.unsaved = { [unowned self] path in open(path)?.bytes }
  }

  /// The open document of a file.
  private func open(_ path: String) -> Document? {
    documents.values.first { document in document.path.map { Files.canonical($0) ?? $0 } == path }
  }

  /// Answers until the end.
  /// - Returns: whether the editor took its leave as the protocol asks for.
  package func run() -> Bool {
    while let incoming = wire.next() {
      switch incoming {
      case .garbage: reply(.null, error: RequestError(code: RequestError.parseError, message: "this is no message"))
      case .message(.list(let messages)): for message in messages { if take(message) { return state == .shutDown } }
      case .message(let message): if take(message) { return state == .shutDown }
      }
      if !wire.hasMore { tellMistakes() }
    }
    return state == .shutDown
  }

  /// Takes a message in.
  /// - Returns: whether it was the last.
  private func take(_ message: JSON) -> Bool {
    guard let method = message["method"]?.text else {
      // Answers to what was never asked are passed over.
      guard message["result"] == nil, message["error"] == nil else { return false }
      let error = RequestError(code: RequestError.invalidRequest, message: "no method is named")
      reply(message["id"] ?? .null, error: error)
      return false
    }
    let parameters = message["params"] ?? .object([:])
    guard let id = message["id"] else {
      if method == "exit" { return true }
      if state == .initialized { note(method, parameters) }
      return false
    }
    do throws(RequestError) {
      reply(id, result: try answer(method, parameters))
    } catch {
      reply(id, error: error)
    }
    return false
  }

  private func reply(_ id: JSON, result: JSON) { wire.write(["jsonrpc": "2.0", "id": id, "result": result]) }

  private func reply(_ id: JSON, error: RequestError) {
    wire.write([
      "jsonrpc": "2.0", "id": id, "error": ["code": JSON(error.code), "message": .text(error.message)],
    ])
  }

  // MARK: - Requests

  private func answer(_ method: String, _ parameters: JSON) throws(RequestError) -> JSON {
    if method == "initialize" {
      guard state == .new else {
        throw RequestError(code: RequestError.invalidRequest, message: "the server is initialized already")
      }
      return initialize(parameters)
    }
    guard state != .new else {
      throw RequestError(code: RequestError.notInitialized, message: "'initialize' comes first")
    }
    if state == .shutDown {
      throw RequestError(code: RequestError.invalidRequest, message: "after 'shutdown' only 'exit' follows")
    }
    if method == "shutdown" {
      state = .shutDown
      return .null
    }
    guard let request = Self.requests.first(where: { $0.method == method }) else {
      throw RequestError(code: RequestError.methodNotFound, message: "there is no method '\(method.prefix(80))'")
    }
    guard let uri = parameters["textDocument"]?["uri"]?.text, let document = documents[uri] else {
      throw RequestError(code: RequestError.invalidParams, message: "no open document is named")
    }
    var offset = document.bytes.count
    if let position = parameters["position"] {
      guard let found = document.offset(position) else {
        throw RequestError(code: RequestError.invalidParams, message: "this is no position")
      }
      offset = found
    }
    return try request.answer(
      DocumentRequest(document: document, open: open, session: session, parameters: parameters, offset: offset))
  }

  private func initialize(_ parameters: JSON) -> JSON {
    state = .initialized
    let encodings = parameters["capabilities"]?["general"]?["positionEncodings"]?.list ?? []
    usesUTF8 = encodings.contains("utf-8")
    var capabilities: [String: JSON] = [
      "positionEncoding": usesUTF8 ? "utf-8" : "utf-16",
      "textDocumentSync": ["openClose": true, "change": 2, "save": true],
    ]
    for request in Self.requests { capabilities[request.capability.name] = request.capability.value }
    return [
      "capabilities": .object(capabilities),
      "serverInfo": ["name": "bvae-script", "version": .text(Workspace.version)],
    ]
  }

  // MARK: - Notifications

  private func note(_ method: String, _ parameters: JSON) {
    guard let named = parameters["textDocument"], let uri = named["uri"]?.text else { return }
    switch method {
    case "textDocument/didOpen":
      guard let text = named["text"]?.text else { return }
      documents[uri] = Document(uri: uri, text: text, version: named["version"]?.whole, usesUTF8: usesUTF8)
      note(changed: uri)
    case "textDocument/didChange":
      guard let document = documents[uri] else { return }
      for change in parameters["contentChanges"]?.list ?? [] {
        document.change(change, version: named["version"]?.whole)
      }
      note(changed: uri)
    case "textDocument/didSave":
      // It may be included by others.
      for uri in documents.keys.sorted() { note(changed: uri) }
    case "textDocument/didClose":
      documents[uri] = nil
      changed.removeAll { $0 == uri }
      tell(uri, [], version: nil)
    default: break
    }
  }

  private func note(changed uri: String) { if !changed.contains(uri) { changed.append(uri) } }

  private func tellMistakes() {
    for uri in changed {
      guard let document = documents[uri] else { continue }
      let analysis = session.analyse(document.source)
      let own = analysis.diagnostics.filter { $0.source === analysis.source }
      let others = analysis.othersMistakes.map { document.json($0) }
      tell(uri, own.prefix(200).map { document.json($0) } + others, version: document.version)
    }
    changed = []
  }

  private func tell(_ uri: String, _ diagnostics: [JSON], version: Int?) {
    var parameters: [String: JSON] = ["uri": .text(uri), "diagnostics": .list(diagnostics)]
    if let version { parameters["version"] = JSON(version) }
    wire.write(["jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": .object(parameters)])
  }
}
