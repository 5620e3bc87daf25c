import BVAELanguage
import BVAEPlatform
import BVAEReporting

struct VariablesCommand: Command {
  static let about = CommandAbout(
    "variables", in: .housekeeping, "lists the variables and what they hold", trace: .none,
    example: """
      steps = 12
      variables
      """)

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let variables = session.variables.sorted.map { (name: $0.key, value: $0.value.oneLine, type: $0.value.type) }
    guard !session.host.showsPages else {
      let table = Table(
        columns: [Table.Column("variable"), Table.Column("holds"), Table.Column("value")],
        rows: variables.map { [.text($0.name), .text($0.type.description), .text($0.value)] })
      try session.host.show(text: table.text(), html: table.htmlPiece())
      return .nothing
    }
    let widest = variables.map(\.name.displayWidth).max() ?? 0
    for (name, value, _) in variables {
      let padding = String(repeating: " ", count: widest - name.displayWidth)
      try session.host.show(text: "\(name)\(padding)  \(value)")
    }
    return .nothing
  }
}
