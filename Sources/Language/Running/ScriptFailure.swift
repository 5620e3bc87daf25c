/// A statement that could not be carried out. Whoever throws it knows what is wrong; the interpreter adds the place.
package struct ScriptFailure: Error, CustomStringConvertible {
  /// What is wrong and what was expected.
  package let message: String
  /// What to do about it.
  package let hint: String?
  /// The words it is about, if that is less than the whole call or expression.
  package let span: Span?

  /// A failure, to be located by the interpreter unless `span` is given.
  package init(_ message: String, hint: String? = nil, at span: Span? = nil) {
    self.message = message
    self.hint = hint
    self.span = span
  }

  /// The message.
  package var description: String { message }
}

/// Why a run ended otherwise than with its last statement or a mistake in it.
package enum Stop: Error, Equatable {
  /// The host was interrupted.
  case interrupted
  /// The script said `quit`.
  case quit
  /// Nobody reads the output any more.
  case outputClosed
  /// All statements were carried out, but not what remained to be done at the end; with the reason.
  case unfinished(String)
}
