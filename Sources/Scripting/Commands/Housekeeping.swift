extension Vocabulary {
  /// The commands that need nothing but the language.
  static let housekeeping: [CommandDeclaration] = [.print, .set, .time, .help, .variables, .quit]
}
