import BVAEConsole
import BVAEGrids
import BVAENotebook
import BVAEPlatform
import BVAEReporting
import BetaVAE

/// `--grid`: where the trainings of a grid are.
struct GridReport {
  private let place: String, store: String

  /// Rows of tasks that are not done.
  private static let mostRows = 50

  init(_ place: String, store: String?) {
    (self.place, self.store) = (place, store ?? ModelStore.usual.folder)
  }

  func run(isCancelled: Bool, isRetried: Bool) -> Ending {
    do {
      let grid = try Grid(place, in: store)
      if isCancelled {
        let jobs = try SlurmEngine.cancel(grid)
        try Lines.write([
          jobs.isEmpty ? "nothing of it is in Slurm's queue" : "cancelled: \(jobs.joined(separator: ", "))"
        ])
      }
      var states = grid.states()
      if isRetried {
        var retried = 0
        for (task, state) in zip(grid.tasks, states) {
          guard case .failed = state else { continue }
          try grid.note(.waiting, of: task)
          retried += 1
        }
        try Lines.write(["\(counted(retried, "training")) that failed will be tried again by the same script"])
        states = grid.states()
      }
      try Lines.write(lines(grid, states))
      return .done
    } catch {
      Output.write("bvae-script: \(error)\n", to: Output.error)
      return .failed
    }
  }

  private func lines(_ grid: Grid, _ states: [TaskState]) -> [String] {
    let counts = ["done", "running", "stopped", "waiting", "failed"].map { word in
      (states.count { $0.word == word }, word)
    }
    let told = counts.filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }.joined(separator: ", ")
    let head = ["grid \(grid.name): \(counted(grid.tasks.count, "training")), \(told)", "in \(grid.folder)"]
    let open = zip(grid.tasks, states).filter { $0.1 != .done }
    guard !open.isEmpty else { return head }
    let table = Table(
      columns: [
        Table.Column("task", alignment: .right), Table.Column("model"), Table.Column("state"), Table.Column("where"),
        Table.Column("why"),
      ],
      rows: open.prefix(Self.mostRows).map { task, state in
        let note = state.note
        return [
          .text(String(task.number)), .text(task.title), .text(state.word),
          .text(note.map { "\($0.host), \(Machine.clock($0.written))" } ?? ""), .text(note?.reason ?? ""),
        ]
      })
    let rest = open.count - Self.mostRows
    return head + [""] + [Lines.table(table)]
      + (rest > 0 ? ["and \(rest.grouped) more"] : [])
  }
}
