import BVAEPlatform

/// A command for each task, for whatever runs lines: GNU parallel, xargs, a shell.
package struct PlainLines: TaskList {
  /// `parallel`
  package static let word = "parallel"

  /// A line for each.
  package static func lines(_ listing: TaskListing) -> [String] {
    let threads = listing.threads.map { " --threads \($0)" } ?? ""
    return listing.tasks.map {
      "\(quoted(listing.program)) --work \(quoted(listing.grid.folder)) --task \($0.number)\(threads)"
    }
  }

  /// A word of the shell.
  package static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "/._-+=:@%".utf8.contains($0)
    }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
