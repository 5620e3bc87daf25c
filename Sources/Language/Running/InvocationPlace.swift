extension Invocation {
  /// The script and the line of the call, counted from 1, for the provenance of what it makes.
  package var place: (script: String, line: Int) {
    let source = runner.interpreter.source
    return (source.name, source.line(at: verb.span.lower))
  }
}
