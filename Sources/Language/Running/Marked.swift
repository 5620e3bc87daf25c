/// A value that remembers marks of what went into it, such as that its data are not real.
///
/// The interpreter hands the marks on: what a command makes of such values, what a field of one gives and what is
/// indexed or sliced from one has them too. So no command has to think of them.
package protocol Marked: ScriptObject {
  /// What went into it that is to be told; empty where nothing is.
  var marks: Set<String> { get set }
}

extension Value {
  /// The marks of the value, or of a list's values.
  package var marks: Set<String> {
    switch self {
    case .object(let object): return (object as? any Marked)?.marks ?? []
    case .list(let list):
      var all: Set<String> = []
      for element in list.elements { all.formUnion(element.marks) }
      return all
    default: return []
    }
  }

  /// The value, with some marks more; what cannot have any is unchanged.
  func marked(_ marks: Set<String>) -> Value {
    guard !marks.isEmpty, case .object(let object) = self, var heir = object as? any Marked,
      !marks.isSubset(of: heir.marks)
    else { return self }
    heir.marks.formUnion(marks)
    return .object(heir)
  }
}
