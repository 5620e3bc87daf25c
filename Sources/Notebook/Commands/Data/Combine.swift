import BVAEDatasets
import BVAELanguage

struct CombineCommand: Command {
  static let about = CommandAbout(
    "combine", in: .data, "makes one dataset of several",
    details:
      "The images come one after the other; they must have one size. Classes of the same name become one. Labels, and "
      + "factors, are kept where all have them.",
    result: .object(DatasetValue.self),
    example: """
      ones = load mnist digits 1 count 50
      sevens = load mnist digits 7 count 50
      both = combine ones, sevens
      """)

  @Values("the datasets", placeholder: "DATASET, …") var datasets: [DatasetValue]

  var rules: [Rule] { [{ site in $datasets.tooFew(site) }] }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let joined = try $datasets.blaming { try Dataset.joined(datasets.map(\.dataset)) }
    session.tell(joined.remarks)
    return .object(DatasetValue(dataset: joined))
  }
}

struct CompareCommand: Command {
  static let about = CommandAbout(
    "compare", in: .data, "lists the differences between two datasets",
    details:
      "Images, labels, the names of classes, and factors; names and origins may differ. Datasets without differences "
      + "are also equal by '=='.",
    example: """
      digits = load mnist each 10
      save digits "digits.npz"
      compare digits, (load "digits.npz")
      """)

  @Values("two datasets", placeholder: "DATASET, DATASET") var datasets: [DatasetValue]

  var rules: [Rule] {
    [
      { site in
        guard let count = $datasets.known?.count, count > 2 else { return $datasets.tooFew(site) }
        return [$datasets.failure("'compare' takes two datasets, not \(count)")]
      }
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let found = datasets[0].dataset.differences(from: datasets[1].dataset)
    try session.host.show(
      text: found.isEmpty ? "no difference" : "different:\n" + found.map { "  " + $0 }.joined(separator: "\n"))
    return .nothing
  }
}

extension Slot<[DatasetValue]> {
  /// What is said of fewer than two.
  fileprivate func tooFew(_ site: CallSite) -> [ScriptFailure] {
    guard let count = known?.count, count < 2 else { return [] }
    return [
      failure(
        "'\(site.name)' takes 2 or more datasets, separated by commas; "
          + (count == 0 ? "found none" : "found one"))
    ]
  }
}

extension Session {
  /// Says what a reader left out or assumed.
  func tell(_ remarks: [LoadRemark]) {
    for remark in remarks {
      if remark.isWarning { host.warn(remark.text) } else { host.note(remark.text) }
    }
  }
}
