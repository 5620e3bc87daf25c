import BVAELanguage

/// The headings of the commands, in the order of `Vocabulary.full`.
extension CommandGroup {
  package static let data = CommandGroup("Data", purpose: "get images")
  package static let models = CommandGroup("Models", purpose: "make and train models")
  package static let experiments = CommandGroup("Experiments", purpose: "ask a model")
  package static let results = CommandGroup("Figures and reports", purpose: "draw, show and report")
  package static let files = CommandGroup("Files", purpose: "keep and read files")
  static let housekeeping = CommandGroup("Housekeeping", purpose: "run the session")
}
