/// A mistake in a script, or one that running it brought to light, with the place that it belongs to.
package struct Diagnostic: Error, Sendable, CustomStringConvertible {
  /// How bad it is.
  package enum Severity: String, Sendable {
    /// The script cannot run, or could not go on.
    case error
    /// The script runs, but probably not as meant.
    case warning
  }

  /// How the place was reached: the call of a defined command, or an `include`.
  package struct Step: Sendable {
    /// `in 'half', called` or `included`, to be followed by the place.
    package let text: String
    /// The source of the call.
    package let source: Source
    /// The call.
    package let span: Span
  }

  /// How bad it is.
  package let severity: Severity
  /// What is wrong and what was expected, in one line.
  package let message: String
  /// What to do about it, shown beside the mark: `did you mean 'epochs'?`
  package let hint: String?
  /// The source that holds the mistake.
  package let source: Source
  /// The words that are wrong.
  package let span: Span
  /// The calls that led there, the innermost first.
  package let trace: [Step]

  /// A mistake at `span` of `source`.
  package init(
    _ message: String, severity: Severity = .error, hint: String? = nil, source: Source, span: Span,
    trace: [Step] = []
  ) {
    self.severity = severity
    self.message = message
    self.hint = hint
    self.source = source
    self.span = span
    self.trace = trace
  }

  /// The same mistake with one more step of how it was reached, the outermost.
  func adding(_ step: Step) -> Diagnostic {
    Diagnostic(message, severity: severity, hint: hint, source: source, span: span, trace: trace + [step])
  }

  /// The line of the mistake, counted from 1.
  package var line: Int { source.line(at: span.lower) }

  /// The column of the mistake, counted in characters from 1.
  package var column: Int { source.column(at: span.lower) }

  /// The message with the line it is about and a mark under the words that are wrong:
  ///
  ///     analyse.bvs:8:31: error: 'train' has no option 'epoch'
  ///       8 | history = train model on ones epoch 200
  ///         |                               ^~~~~ did you mean 'epochs'?
  package var description: String {
    let line = self.line
    let number = String(line)
    let excerpt = Excerpt(source: source, line: line, span: span)
    let gutter = String(repeating: " ", count: number.count + 2)
    var text = "\(source.name):\(line):\(column): \(severity.rawValue): \(Excerpt.printable(message))\n"
    text += "  \(number) | \(excerpt.text)\n"
    text += "\(gutter) | \(excerpt.mark)"
    if let hint {
      // A hint of several lines, such as a program to copy, goes on below the mark.
      let lines = hint.split(separator: "\n", omittingEmptySubsequences: false).map { Excerpt.printable(String($0)) }
      text += " " + lines.joined(separator: "\n\(gutter) | ")
    }
    for step in trace {
      let line = step.source.line(at: step.span.lower), column = step.source.column(at: step.span.lower)
      text += "\n  \(step.text) at \(step.source.name):\(line):\(column)"
    }
    return text
  }
}

extension Diagnostic {
  /// The description for a terminal of so many columns; nil where it goes elsewhere.
  package func text(columns: Int?) -> String {
    guard let columns else { return description }
    // Beside the excerpt stand the line's number and a bar.
    return Excerpt.$widest.withValue(min(Excerpt.widest, max(32, columns - 9))) { description }
      .fitted(columns: columns)
  }
}

/// Messages in the order of their lines, at most `limit` of them and a word about the rest.
package func rendered(_ diagnostics: [Diagnostic], limit: Int = 100, columns: Int? = nil) -> String {
  var parts = diagnostics.prefix(limit).map { $0.text(columns: columns) }
  if diagnostics.count > limit { parts.append("… and \(diagnostics.count - limit) more") }
  return parts.joined(separator: "\n")
}
