import BVAEPlatform

/// A conversation with the language: its variables, settings and defined commands. A file is run in a session of its
/// own, the interactive mode keeps one and feeds it statements.
package final class Session {
  /// All that scripts can say.
  package let vocabulary: Vocabulary
  /// Whom results and progress go to.
  package let host: any Host
  /// What the script is given from outside.
  package let options: SessionOptions
  /// What stands in the way of a script that the language does not know of, such as a report that cannot be written; asked
  /// with every check of a script.
  package var obstacles: (() -> [Diagnostic])?
  /// What remains to be done when a script has ended well, such as writing a report.
  package var finisher: ((Session) throws -> Void)?
  /// The script's variables.
  package internal(set) var variables = VariableTable()
  /// What commands that draw random numbers begin from unless they are given a seed.
  package var seed = 1 { didSet { draws = 0 } }
  /// How often a function has drawn random numbers since the seed was set.
  private var draws = 0
  /// Takes report prose; unless replaced, it is kept in `prose`.
  package var proseTaker: ((_ text: String, _ script: String, _ line: Int, Session) throws -> Void)?
  /// The report prose so far, where no `proseTaker` takes it.
  package private(set) var prose: [String] = []
  /// The script that was run first, nil in the interactive mode.
  package private(set) var script: String?
  /// Whether lines that begin with `!` are handed to the shell.
  package var allowsShell: Bool
  /// What an editor has changed and not saved, by the whole path of the file: scripts that are looked at include that.
  package var unsaved: (String) -> [UInt8]? = { _ in nil }
  /// The folder in which the session began: that of `save session`'s relative paths.
  package let folder = Path.workingDirectory
  /// What was typed, mistakes too, the earliest first; the latest `mostTyped`.
  package private(set) var typed: [String] = []
  /// How many there were before those of `typed`.
  package private(set) var forgotten = 0
  var definitions: [String: Definition] = [:]
  /// The sorts of the variables of a script that has not run, where one is looked at; see `Analysis`.
  var assumedTypes: [String: ValueType]?
  /// The script that is looked at, until the next one is.
  var lookedAt: Prepared?
  /// The paths from the working folder that the typed statement has come to.
  var relativePaths = RelativePaths()
  private var pendingPresets: [String: Value] = [:]
  /// What was typed and worked.
  private(set) var transcript = Transcript()
  /// The script that was run or checked last, with the files that it includes, by their paths; those that could not be
  /// read too.
  package private(set) var scriptFiles: [String] = []
  /// The other files that it reads: those that its text names, and those that it has come to since.
  package private(set) var inputFiles: Set<String> = []
  /// The statements that ran since something was put into the report.
  private var ranLines = RanLines()
  private var states: [ObjectIdentifier: Any] = [:]
  private static let mostTyped = 5000
  let work: LongWork
  var commands: CommandInstances

  /// A session without variables but `arguments` and those of `--set`.
  package init(vocabulary: Vocabulary, host: any Host, options: SessionOptions = SessionOptions()) {
    self.vocabulary = vocabulary
    self.host = host
    self.options = options
    allowsShell = options.allowsShell
    work = LongWork(host)
    commands = CommandInstances(vocabulary)
    variables["arguments"] = .list((try? ScriptList(options.arguments.map { .text($0) })) ?? .empty)
    for preset in options.presets { variables[preset.name] = preset.value }
  }

  /// How a run ended.
  package enum Outcome {
    /// All statements were carried out.
    case finished
    /// It ended early without a mistake.
    case stopped(Stop)
    /// A statement could not be carried out.
    case failed(Diagnostic)
    /// Nothing was run because of mistakes, in the order of their lines.
    case rejected([Diagnostic])
  }

  /// Every mistake that can be found without running, in the order of the lines; warnings too.
  package func check(_ source: Source, isInteractive: Bool = false) -> [Diagnostic] {
    let prepared = prepare(source, isInteractive: isInteractive)
    prepared.letGo(keeping: definitions)
    return prepared.diagnostics
  }

  /// Checks a script and runs it if nothing is wrong with it. Warnings go to the host.
  /// - Parameter isInteractive: whether values of statements are shown and defined commands may be defined anew.
  package func run(_ source: Source, isInteractive: Bool = false) -> Outcome {
    if !isInteractive && script == nil { script = source.name }
    if isInteractive { recordTyped(source) }
    let prepared = prepare(source, isInteractive: isInteractive)
    if prepared.diagnostics.contains(where: { $0.severity == .error }) {
      prepared.letGo(keeping: definitions)
      return .rejected(prepared.diagnostics)
    }
    for warning in prepared.diagnostics { host.warn(warning.text(columns: host.columns)) }
    definitions = prepared.definitions
    pendingPresets = [:]
    if !isInteractive { for preset in options.presets { pendingPresets[preset.name] = preset.value } }
    if isInteractive && prepared.main.statements.isEmpty { record(comment: source) }
    var interpreter = Interpreter(session: self, source: source, isInteractive: isInteractive)
    do {
      try interpreter.run(prepared.main.statements)
      return isInteractive ? .finished : finish()
    } catch Stop.quit {
      let outcome = isInteractive ? .finished : finish()
      if case .finished = outcome { return .stopped(.quit) }
      return outcome
    } catch let diagnostic as Diagnostic {
      return .failed(diagnostic)
    } catch let stop as Stop {
      return .stopped(stop)
    } catch {
      return .failed(Diagnostic("\(error)", source: source, span: Span(0, 0)))
    }
  }

  /// Does what remains to be done at the end; `run` has done so for scripts, an interactive session does it itself.
  package func finish() -> Outcome {
    do {
      try finisher?(self)
      return .finished
    } catch let stop as Stop {
      return .stopped(stop)
    } catch let diagnostic as Diagnostic {
      return .failed(diagnostic)
    } catch {
      return .stopped(.unfinished("\(error)"))
    }
  }

  /// The number of the next draw of random numbers by a function.
  package func nextDraw() -> Int {
    defer { draws += 1 }
    return draws
  }

  /// Shows a value: as text, or as a page shows it where the host shows pages.
  package func show(_ value: Value, as text: @autoclosure () -> String) throws {
    if host.showsPages, case .object(let object) = value, let html = object.html {
      try host.show(text: text(), html: html)
    } else {
      try host.show(text: text())
    }
  }

  /// What the author of a command that a script has defined says about it; nil where that is nothing.
  package func remarks(ofDefined name: String) -> String? { definitions[name]?.remarks }

  /// Something that commands keep between calls: the report, the store. It is made when it is first asked for.
  package func state<State>(_ make: @autoclosure () -> State) -> State {
    if let kept = states[ObjectIdentifier(State.self)] as? State { return kept }
    let made = make()
    keep(made)
    return made
  }

  /// Keeps something for `state` to find, in place of what was kept of its type.
  package func keep<State>(_ state: State) { states[ObjectIdentifier(State.self)] = state }

  /// How a command that a script has defined is called; nil where it has defined none of that name.
  package func syntax(ofDefined name: String) -> String? { definitions[name]?.syntax }

  /// What lengthy work calls now and then; it throws `Stop.interrupted` with Ctrl-C and tells the host that the command is
  /// still at work. It does not keep the session.
  package var goOn: () throws -> Void { { [work] in try work.goOn() } }

  /// What was typed and worked, as a script for a file in a folder; nil where nothing was.
  /// - Parameter settings: what `set` is to set at its beginning.
  package func typedScript(in folder: String, settings: [(name: String, value: Value)]) -> String? {
    guard !transcript.isEmpty else { return nil }
    let set = vocabulary.name(of: .sets) ?? ""
    return transcript.script(
      in: folder, presets: options.presets, settings: settings.map { (command: set, name: $0.name, value: $0.value) })
  }

  // MARK: - For the interpreter

  func add(prose text: String, script: String, line: Int) throws {
    if let proseTaker { try proseTaker(text, script, line, self) } else { prose.append(text) }
  }

  /// Notes a file that a command is about to read.
  func record(input path: String) { inputFiles.insert(path) }

  /// Notes a statement that was typed and worked.
  /// - Parameter command: what shows its value in a script as it was shown here; nil where nothing was shown.
  func recordTyped(_ statement: Statement, of source: Source, shownBy command: String?) {
    if Transcript.passesOver(statement) { return }
    let now = Path.workingDirectory
    transcript.add(
      statement, of: source, shownBy: command,
      paths: now == folder ? nil : relativePaths.written(from: now, in: source))
  }

  private func recordTyped(_ source: Source) {
    relativePaths = RelativePaths()
    let text = source.text(Span(0, source.bytes.count)).split(separator: "\n", omittingEmptySubsequences: false)
    guard text.contains(where: { !$0.allSatisfy(\.isWhitespace) }) else { return }
    typed.append((text.last?.isEmpty ?? false ? text.dropLast() : text[...]).joined(separator: "\n"))
    if typed.count > Self.mostTyped {
      typed.removeFirst()
      forgotten += 1
    }
  }

  private func record(comment source: Source) {
    let lines = source.text(Span(0, source.bytes.count)).split(separator: "\n").map { $0.drop { $0 == " " } }
    for line in lines where line.hasPrefix("#") { transcript.add(comment: String(line)) }
  }

  /// Notes a statement of the script itself, not one within a block.
  func recordRun(_ span: Span, of source: Source, isProse: Bool) { ranLines.add(span, of: source, isProse: isProse) }

  /// The lines of the script that ran since this was asked for last; nil where there are none.
  package func takeRanLines() -> String? { ranLines.take() }

  /// Gives a variable a value before a script runs.
  package func set(_ name: String, to value: Value) { variables[name] = value }

  /// The value of a variable; nil where there is none.
  package func value(of name: String) -> Value? { variables[name] }

  /// The value of `--set` that holds against the script's own assignment, once.
  func takePreset(_ name: String) -> Value? { pendingPresets.removeValue(forKey: name) }

  struct Prepared {
    let main: ScriptFile
    let definitions: [String: Definition]
    let diagnostics: [Diagnostic]
    /// What the variables hold at the place that is looked at.
    var scope: [String: ValueType] = [:]

    /// Empties the commands that nothing will call: those that call themselves, or one another, hold one another, and
    /// with them all that was parsed.
    func letGo(keeping known: [String: Definition]) {
      for (name, definition) in definitions where known[name] !== definition { definition.body = [] }
    }
  }

  /// Reads a script with all that it includes, and checks it.
  /// - Parameter place: where the types of the variables are asked for, of a script that will not run.
  func prepare(_ source: Source, isInteractive: Bool, lookingAt place: Int? = nil) -> Prepared {
    let rights = SourceRights(
      isTyped: isInteractive, variables: isInteractive ? Set(variables.keys) : [], allowsShell: allowsShell)
    let loader = Loader(
      vocabulary: vocabulary, definitions: place == nil ? definitions : [:], rights: rights,
      included: SourceRights(allowsShell: options.allowsShell), unsaved: place == nil ? { _ in nil } : unsaved)
    let main = loader.load(source)
    scriptFiles = loader.files.map(\.source.name) + loader.missing
    var checker = Checker(
      vocabulary: vocabulary, scope: variables.types, presets: isInteractive ? [] : options.presets,
      isInteractive: isInteractive, commands: loader.definitions, main: main)
    checker.wanted = place.flatMap { ScopePoint(before: $0, in: main.statements) }
    checker.check(main)
    inputFiles.formUnion(checker.paths.inputs)
    let order = Dictionary(
      loader.files.enumerated().map { (ObjectIdentifier($0.element.source), $0.offset) }
    ) { first, _ in first }
    func rank(_ diagnostic: Diagnostic) -> (Int, Int, Int) {
      (order[ObjectIdentifier(diagnostic.source)] ?? 0, diagnostic.span.lower, diagnostic.span.upper)
    }
    let found = (loader.files.flatMap(\.diagnostics) + checker.diagnostics).sorted { rank($0) < rank($1) }
    let aboutOptions = isInteractive ? [] : unusedPresets(checker.mentioned) + (obstacles?() ?? [])
    return Prepared(
      main: main, definitions: loader.definitions, diagnostics: aboutOptions + found,
      scope: place == nil ? [:] : checker.wantedScope ?? variables.types)
  }

  /// `--set` of variables that the script does not know is a slip of the keyboard.
  private func unusedPresets(_ mentioned: Set<String>) -> [Diagnostic] {
    options.presets.filter { !mentioned.contains($0.name) }.map {
      Diagnostic(
        "the script has no variable '\($0.name)'", hint: Suggestion.hint($0.name, among: mentioned.sorted()),
        source: Source(name: "--set", text: "\($0.name)=\($0.text)"), span: Span(0, $0.name.utf8.count))
    }
  }
}
