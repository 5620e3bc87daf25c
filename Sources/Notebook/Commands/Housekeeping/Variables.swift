import BVAELanguage
import BVAEPlatform

struct VariablesCommand: Command {
  static let about = CommandAbout(
    "variables", in: .housekeeping, "lists the variables and what they hold", trace: .none,
    example: """
      steps = 12
      variables
      """)

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let variables = session.variables.sorted
    let widest = variables.map(\.key.displayWidth).max() ?? 0
    for (name, value) in variables {
      let padding = String(repeating: " ", count: widest - name.displayWidth)
      try session.host.show(text: "\(name)\(padding)  \(value.oneLine)")
    }
    return .nothing
  }
}

extension Value {
  /// The beginning of the value's text, in one line.
  fileprivate var oneLine: String {
    let whole = if case .text = self { brief } else { text }
    let line = whole.prefix { $0 != "\n" }
    return line.count > 70 ? line.prefix(69) + "…" : String(line)
  }
}
