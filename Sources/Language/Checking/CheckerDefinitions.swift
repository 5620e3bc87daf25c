/// Commands that the script defines, checked for the types that they are called with: `half "a"` is found where 'half'
/// divides.
struct DefinedUse {
  let types: [ValueType?]
  /// The script's variables that the body asks for, with what they held.
  let reads: [String: ValueType?]
  let result: ValueType
}

extension Checker {
  /// What a definition is checked for at most: so many sorts of calls, standing so deep in one another, and for so much
  /// work in all. What goes beyond counts as right.
  private static let mostUses = 8, deepestUse = 20

  /// What a defined command gives for values of these types. Mistakes in it that come from these types are reported,
  /// with the call that led there.
  /// - Parameter types: of each parameter, nil where its default holds.
  mutating func result(of definition: Definition, for types: [ValueType?], calledAt span: Span) -> ValueType {
    guard zip(types, definition.parameters).allSatisfy({ $0 != nil || $1.written != nil }) else { return .any }
    let outside = globals ?? scope
    let identity = ObjectIdentifier(definition)
    let known = uses[identity, default: []]
    if let use = known.first(where: { $0.types == types && $0.reads.allSatisfy { outside[$0.key] == $0.value } }) {
      reads.merge(use.reads) { first, _ in first }
      return use.result
    }
    guard known.count < Self.mostUses, usesInProgress.count < Self.deepestUse, usesLeft > 0,
      usesInProgress.insert(identity).inserted
    else { return .any }
    usesLeft -= definition.body.count + outside.count / 50 + 1
    let (result, found, asked) = checkBody(of: definition, types, outside)
    usesInProgress.remove(identity)
    uses[identity, default: []].append(DefinedUse(types: types, reads: asked, result: result))
    reads.merge(asked) { first, _ in first }
    let step = Diagnostic.Step(text: "in '\(definition.name.text)', called", source: source, span: span)
    let located = found.map { $0.adding(step) }
    if globals == nil { mistakesOfUses += located } else { diagnostics += located }
    return result
  }

  /// The body's result, mistakes, and the script's variables that it asks for.
  private mutating func checkBody(of definition: Definition, _ types: [ValueType?], _ outside: Scope)
    -> (ValueType, [Diagnostic], [String: ValueType?])
  {
    let outer = (scope, globals, source, blockDepth, branchDepth, skippable)
    let outerFindings = (diagnostics, reads, constants, returned)
    scope = outside
    (globals, source, blockDepth, branchDepth, skippable) = (outside, definition.source, 1, 0, 0)
    (diagnostics, reads, returned) = ([], [:], nil)
    for (parameter, type) in zip(definition.parameters, types) {
      scope[parameter.name.text] = type ?? parameter.fallback.map { self.type(of: $0) } ?? .any
    }
    let last = check(definition.body, lastIsResult: true)
    let result = returned?.merged(last) ?? last
    let found = (diagnostics, reads)
    (scope, globals, source, blockDepth, branchDepth, skippable) = outer
    (diagnostics, reads, constants, returned) = outerFindings
    return (result, found.0, found.1)
  }

  /// Checks every definition for values of any kind; the script's variables count as set.
  mutating func checkDefinitions(_ global: Scope) {
    for definition in definitions {
      scope = global
      source = definition.source
      (blockDepth, constants) = (1, [:])
      for parameter in definition.parameters {
        if let fallback = parameter.fallback { expectValue(fallback) }
        scope[parameter.name.text] = .any
      }
      check(definition.body, lastIsResult: true)
    }
    // What is wrong whatever the call has been reported without it.
    let general = Set(diagnostics.map(DiagnosticKey.init))
    diagnostics += mistakesOfUses.filter { !general.contains(DiagnosticKey($0)) }
  }
}

/// What makes two diagnostics the same, however they were reached.
private struct DiagnosticKey: Hashable {
  let place: DiagnosticPlace
  let message: String

  init(_ diagnostic: Diagnostic) {
    place = DiagnosticPlace(diagnostic)
    message = diagnostic.message
  }
}
