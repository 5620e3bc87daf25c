import ArgumentParser
import BVAEConsole
import BVAEGrids
import BVAENotebook
import BVAEPlatform
import BVAEReporting
import BetaVAE
import Glibc

/// `bvae-script store`: what is kept of trainings. Nothing of it is ever removed but by this.
struct StoreTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bvae-script store",
    abstract: "Lists, shows and removes the trained models that are kept.",
    usage: """
      bvae-script store                             lists them, the latest first
      bvae-script store show KEY…                   all that is known of some
      bvae-script store remove KEY…                 removes some
      bvae-script store remove --older-than 30      those that are older than 30 days
      bvae-script store remove --checkpoints        those of unfinished trainings
      bvae-script store remove --grids              the tasks of --engine and --jobs; their models stay
      """,
    discussion: "A key may be cut short as long as it is the only one that begins so. The folder is that of "
      + "BVAE_STORE, else 'models' in the user's cache folder. A model that is removed is trained again when a script "
      + "asks for it.")

  @Argument(help: ArgumentHelp("list, show or remove.", valueName: "what")) var action = Action.list
  @Argument(help: ArgumentHelp("The keys.", valueName: "key")) var keys: [String] = []
  @ArgumentParser.Option(help: ArgumentHelp("Only what was written so many days ago or before.", valueName: "days"))
  var olderThan: Double?
  @ArgumentParser.Flag(help: "Only checkpoints.") var checkpoints = false
  @ArgumentParser.Flag(help: "The tables, notes and data of grids that nothing is at any more.") var grids = false
  @ArgumentParser.Flag(help: "Remove without asking.") var yes = false

  enum Action: String, ExpressibleByArgument, CaseIterable {
    case list
    case show
    case remove
  }

  func validate() throws {
    if action == .show && keys.isEmpty { throw ValidationError("say which: bvae-script store show KEY.") }
    if action == .remove && keys.isEmpty && olderThan == nil && !checkpoints && !grids {
      throw ValidationError(
        "say what: keys, --older-than, --checkpoints or --grids. 'bvae-script store' lists what there is.")
    }
    if grids && (action != .remove || !keys.isEmpty || olderThan != nil || checkpoints) {
      throw ValidationError("--grids stands alone: bvae-script store remove --grids.")
    }
    if let olderThan, !(olderThan >= 0) { throw ValidationError("--older-than takes a number of days, 0 or more.") }
  }

  func run() throws {
    let store = ModelStore.usual
    if grids { return try removeGrids(StoredGrids(in: store.folder)) }
    let chosen = try chosen(from: store.contents, in: store.folder)
    switch action {
    case .list:
      let grids = StoredGrids(in: store.folder)
      try Lines.write(
        Self.list(chosen, in: store.folder)
          + (grids.names.isEmpty ? [] : ["\(counted(grids.names.count, "grid")): \(byteCount(grids.bytes))"]))
    case .show: try Lines.write(chosen.flatMap(Self.facts))
    case .remove: try remove(chosen, from: store)
    }
  }

  private func chosen(from all: [StoredModel], in folder: String) throws -> [StoredModel] {
    var chosen = all
    if !keys.isEmpty {
      chosen = try keys.flatMap { key in
        let found = all.filter { $0.key.hasPrefix(key.lowercased()) }
        guard !key.isEmpty, !found.isEmpty else {
          throw ValidationError("nothing in \(folder) has a key that begins with '\(key)'.")
        }
        guard Set(found.map(\.key)).count == 1 else {
          throw ValidationError("\(Set(found.map(\.key)).count) keys begin with '\(key)'; write more of it.")
        }
        return found
      }
    }
    // A key that is named twice is meant once.
    var known: Set<String> = []
    chosen.removeAll { !known.insert("\($0.key) \($0.kind)").inserted }
    if checkpoints { chosen.removeAll { $0.kind != .checkpoint } }
    if let olderThan {
      let bound = Double(Machine.secondsSince1970) - olderThan * 86_400
      chosen.removeAll { Double($0.modified) > bound }
    }
    return chosen
  }

  // MARK: - Showing

  static func list(_ models: [StoredModel], in folder: String) -> [String] {
    let bytes = models.reduce(0) { $0 + $1.bytes }
    let room = ScratchFile.room(in: folder).map { "; \(byteCount($0)) free" } ?? ""
    guard !models.isEmpty else { return ["nothing is kept in \(folder)\(room)"] }
    let table = Table(
      columns: [
        Table.Column("key"), Table.Column("model"), Table.Column("network"), Table.Column("of"),
        Table.Column("epochs", alignment: .right),
        Table.Column("size", alignment: .right), Table.Column("written"),
      ],
      rows: models.map { model in
        [
          .text(model.key), .text(name(model)), .text(network(model)), .text(model.training?.subject ?? ""),
          .text(model.training.map { $0.options.epochs.grouped } ?? ""), .text(byteCount(model.bytes)),
          .text(age(model.modified)),
        ]
      })
    let counts = [
      (StoredModel.Kind.model, "model"), (.checkpoint, "unfinished training"), (.lastGood, "diverged training"),
    ].map { kind, noun in (models.count { $0.kind == kind }, noun) }.filter { $0.0 > 0 }
    let summary = counts.map { counted($0.0, $0.1) }.joined(separator: ", ")
    return [Lines.table(table), "", "\(summary): \(byteCount(bytes)) in \(folder)\(room)"]
  }

  private static func name(_ model: StoredModel) -> String {
    switch model.kind {
    case .model: return model.objective
    case .checkpoint: return model.objective + (model.objective.isEmpty ? "" : " ") + "(unfinished training)"
    case .lastGood: return model.objective + " (before it diverged)"
    }
  }

  /// `paper, 6 latents, seed 2`
  private static func network(_ model: StoredModel) -> String {
    let facts = model.facts
    return [
      facts["network"] ?? (facts["latents"] == nil ? nil : "paper"),
      facts["latents"].flatMap(Int.init).map { counted($0, "latent") }, facts["seed"].map { "seed \($0)" },
    ].compactMap { $0 }.joined(separator: ", ")
  }

  private static func facts(_ model: StoredModel) -> [String] {
    var rows = [("model", name(model)), ("written", "\(Machine.clock(model.modified)), \(age(model.modified))")]
    if let training = model.training { rows.append(("of", training.subject)) }
    rows += model.facts.sorted { $0.key < $1.key }.filter { !hidden.contains($0.key) && $0.value.utf8.count <= 200 }
      .map { ($0.key, $0.value) }
    rows.append(("files", model.files.joined(separator: "\n")))
    rows.append(("size", byteCount(model.bytes)))
    return Lines.section(model.key, rows)
  }

  /// What a file says for programs, or is said otherwise.
  private static let hidden: Set<String> = ["history", "latent_statistics", "key", "weights_fingerprint", "subject"]

  private static func age(_ moment: Int) -> String {
    let seconds = max(0, Machine.secondsSince1970 - moment)
    switch seconds {
    case ..<60: return "just now"
    case ..<3600: return "\(counted(seconds / 60, "minute")) ago"
    case ..<86_400: return "\(counted(seconds / 3600, "hour")) ago"
    default: return "\(counted(seconds / 86_400, "day")) ago"
    }
  }

  // MARK: - Removing

  private func remove(_ models: [StoredModel], from store: ModelStore) throws {
    guard !models.isEmpty else { return try Lines.write(["nothing to remove"]) }
    let bytes = models.reduce(0) { $0 + $1.bytes }
    guard try isMeant(Self.list(models, in: store.folder), count: models.count) else { return }
    var lines: [String] = [], kept = 0
    for model in models where try !store.remove(model) {
      kept += model.bytes
      lines.append("\(model.key) is being trained and was left alone")
    }
    try Lines.write(lines + ["removed \(byteCount(bytes - kept))"])
  }

  private func removeGrids(_ grids: StoredGrids) throws {
    guard !grids.names.isEmpty else { return try Lines.write(["nothing to remove"]) }
    let before = grids.bytes
    guard try isMeant(["\(counted(grids.names.count, "grid")): \(byteCount(before))"], count: grids.names.count) else {
      return
    }
    let kept = try grids.remove()
    try Lines.write(
      kept.map { "grid \($0) is being worked on, or may be in Slurm's queue, and was left alone" }
        + ["removed \(byteCount(before - grids.bytes))"])
  }

  /// Whether what is listed is to be removed.
  private func isMeant(_ lines: [String], count: Int) throws -> Bool {
    if yes { return true }
    try Lines.write(lines + [""])
    guard TerminalHost.hasKeyboard else {
      throw ValidationError("nothing was removed: without a terminal, --yes says that it is meant.")
    }
    Output.write("Remove \(count == 1 ? "it" : "them")? [y/N] ", to: Output.standard)
    if let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) { return true }
    try Lines.write(["nothing was removed"])
    return false
  }
}

/// `3.4 MB`
func byteCount(_ bytes: Int) -> String {
  var size = Double(bytes), place = 0
  let units = ["bytes", "kB", "MB", "GB", "TB"]
  while size >= 999.5, place + 1 < units.count {
    size /= 1000
    place += 1
  }
  return "\(place == 0 ? bytes.grouped : size.formatted(digits: 3)) \(units[place])"
}
