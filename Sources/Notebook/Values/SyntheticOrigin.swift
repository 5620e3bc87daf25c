import BVAELanguage

/// A value that remembers which synthetic data went into it, so that whatever is put into a report can say that it is about
/// synthetic data. Every type of objects that commands make of data is one.
protocol SyntheticOrigin: Marked {
  /// What the synthetic data are called: `synthetic streets`; empty where all is real.
  var synthetic: Set<String> { get set }
}

extension SyntheticOrigin {
  /// The same.
  package var marks: Set<String> {
    get { synthetic }
    set { synthetic = newValue }
  }

  /// A caption that says so where the value comes from synthetic data: `Loss by epoch (synthetic streets)`.
  func honest(_ caption: String?) -> String? {
    guard let note = syntheticNote else { return caption }
    guard let caption, !caption.isEmpty else { return note.prefix(1).uppercased() + note.dropFirst() }
    return caption.lowercased().contains("synthetic") ? caption : "\(caption) (\(note))"
  }

  /// `synthetic sprites, synthetic streets`; nil where all is real.
  var syntheticNote: String? { synthetic.isEmpty ? nil : synthetic.sorted().joined(separator: ", ") }
}
