/// What was cut, to be put in again; cuts that follow each other at once make one piece.
package struct KillRing {
  private var pieces: [String] = []
  private var place = 0

  private static let most = 60

  /// The piece that a yank gives.
  package var current: String? { pieces.isEmpty ? nil : pieces[place] }

  /// Keeps a cut.
  /// - Parameter joins: whether it belongs to the cut before it; nil where it is one of its own.
  package mutating func add(_ text: String, joins side: Side? = nil) {
    guard !text.isEmpty else { return }
    if let side, let last = pieces.last {
      pieces[pieces.count - 1] = side == .front ? text + last : last + text
    } else {
      pieces.append(text)
      if pieces.count > Self.most { pieces.removeFirst() }
    }
    place = pieces.count - 1
  }

  /// On which side of the earlier cut a further one stood.
  package enum Side {
    case front
    case back
  }

  /// Goes to the cut before the current one, from the first to the last.
  package mutating func rotate() {
    if !pieces.isEmpty { place = (place + pieces.count - 1) % pieces.count }
  }
}
