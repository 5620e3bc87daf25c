/// A value that remembers which synthetic data went into it.
///
/// The interpreter hands the memory on: what a command makes of such values, what a field of one gives and what is
/// indexed or sliced from one remember it too. So no command has to think of it, and whatever is put into a report can
/// say that it is about synthetic data. Every type of objects that commands make of data is one.
package protocol SyntheticOrigin: ScriptObject {
  /// What the synthetic data are called: `synthetic streets`; empty where all is real.
  var synthetic: Set<String> { get set }
}

extension SyntheticOrigin {
  /// A caption that says so where the value comes from synthetic data: `Loss by epoch (synthetic streets)`.
  package func honest(_ caption: String?) -> String? {
    guard let note = syntheticNote else { return caption }
    guard let caption, !caption.isEmpty else { return note.prefix(1).uppercased() + note.dropFirst() }
    return caption.lowercased().contains("synthetic") ? caption : "\(caption) (\(note))"
  }

  /// `synthetic sprites, synthetic streets`; nil where all is real.
  package var syntheticNote: String? { synthetic.isEmpty ? nil : synthetic.sorted().joined(separator: ", ") }
}

extension Value {
  /// Which synthetic data went into the value.
  package var synthetic: Set<String> {
    switch self {
    case .object(let object): return (object as? any SyntheticOrigin)?.synthetic ?? []
    case .list(let list):
      var all: Set<String> = []
      for element in list.elements { all.formUnion(element.synthetic) }
      return all
    default: return []
    }
  }

  /// The value, remembering some synthetic data more; what cannot remember it is unchanged.
  func remembering(_ synthetic: Set<String>) -> Value {
    guard !synthetic.isEmpty, case .object(let object) = self, var heir = object as? any SyntheticOrigin,
      !synthetic.isSubset(of: heir.synthetic)
    else { return self }
    heir.synthetic.formUnion(synthetic)
    return .object(heir)
  }
}
