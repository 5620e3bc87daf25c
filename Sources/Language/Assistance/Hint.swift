extension Session {
  /// What could follow a line, to be shown in grey behind it: the rest of a word that can be no other, what the command
  /// still takes. Empty where nothing can be told.
  /// - Parameter line: the line up to its end, where the cursor is.
  package func hint(after line: String) -> String {
    let end = LineEnd(line, session: self)
    if end.isRemark || end.openText != nil || line.allSatisfy(\.isWhitespace) { return "" }
    if let dot = end.tokens.last, dot.isSymbol(.dot) { return rest(of: end.prefix, among: fieldNames(end)) }
    let endsOpen = end.prefix.isEmpty && line.last.map { !$0.isWhitespace && !")]\"0123456789".contains($0) } ?? true
    guard let call = end.call else { return end.isInSquareBrackets ? "" : hint(verb: end.prefix, end) }
    if endsOpen { return "" }
    let blank = line.last == " " ? "" : " "
    guard !end.prefix.isEmpty else { return joined(blank, call.remaining) }
    // The word that is being written may be a name that is whole, or the beginning of an option.
    let names = call.namedLeft.map(\.name) + (call.next?.words ?? [])
    let isWhole = typeOfVariable(end.prefix) != nil || names.contains(end.prefix) || call.awaited != nil
    if isWhole {
      let whole = LineEnd(line + " ", session: self)
      return joined(blank, whole.call?.remaining ?? [])
    }
    let rest = rest(of: end.prefix, among: names)
    guard !rest.isEmpty, let whole = LineEnd(line + rest + " ", session: self).call else { return rest }
    return rest + joined(" ", whole.remaining)
  }

  /// The rest of a command's name and its syntax.
  private func hint(verb prefix: String, _ end: LineEnd) -> String {
    guard end.start == end.tokens.count, !prefix.isEmpty else { return "" }
    let isStart = end.isWholeLine
    let promptNames = isStart ? vocabulary.promptCommands.map(\.name) : []
    let names = vocabulary.commands.map(\.name) + promptNames + definitions.keys.sorted()
    if let signature = signature(of: prefix, beginsLine: isStart) { return joined(" ", signature.map(\.syntax)) }
    if isStart, let page = HelpPage.statements.first(where: { $0.name == prefix }) {
      return String(page.syntax.dropFirst(prefix.count))
    }
    if typeOfVariable(prefix) != nil || ReservedWord.all.contains(prefix) { return "" }
    let rest = rest(of: prefix, among: names)
    guard !rest.isEmpty, let signature = signature(of: prefix + rest, beginsLine: isStart) else { return rest }
    return rest + joined(" ", signature.map(\.syntax))
  }

  private func joined(_ blank: String, _ parts: [String]) -> String {
    parts.isEmpty ? "" : blank + parts.joined(separator: " ")
  }

  /// The rest of the only name that begins so.
  private func rest(of prefix: String, among names: [String]) -> String {
    guard !prefix.isEmpty else { return "" }
    let fitting = Set(names.filter { $0.hasPrefix(prefix) })
    guard let name = fitting.first, fitting.count == 1 else { return "" }
    return String(name.dropFirst(prefix.count))
  }

  private func fieldNames(_ end: LineEnd) -> [String] { end.typeBeforeDot.map { fields(of: $0).map(\.name) } ?? [] }
}
