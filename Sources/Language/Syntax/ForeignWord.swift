/// Hints for words that other languages use.
enum ForeignWord {
  /// What to write for a statement that there is not.
  static func statement(_ word: String, _ vocabulary: Vocabulary) -> String? {
    switch word {
    case "elif", "elseif", "elsif": "write 'else if'"
    case "while", "repeat", "loop", "do": "the loop is: for name in 0..9"
    case "return": "a command returns the value of its last statement"
    case "let", "var", "const": "write name = value"
    case "function", "func", "def", "fn": "write define name parameter …"
    case "import", "source", "use": "write include \"other.bvs\""
    case "echo", "puts": vocabulary.name(of: .prints).map { "write \($0)" }
    case "exit", "stop", "bye", "logout": vocabulary.name(of: .ends).map { "write \($0)" }
    case "break", "continue", "next", "pass":
      "loops cannot be left early; skip values with 'if'"
    case "cd", "pwd", "ls", "dir": "paths are relative to the folder in which the program was started"
    case "clear", "cls": "Ctrl-L clears the screen"
    case "history": "Up goes through what was typed, Ctrl-R searches in it"
    default: nil
    }
  }

  /// What to write for a word that stands between two values in other languages.
  static func infix(_ word: String) -> String? {
    switch word {
    case "mod": "for the remainder write a % b"
    case "div": "for whole division write floor(a / b)"
    case "is", "eq", "equals": "to compare write =="
    case "isnt", "ne": "to compare write !="
    case "xor": "for truth values write a != b"
    case "in": "to find a value in a list, loop over it"
    case "then", "do": "the body of a block begins on the next line"
    default: nil
    }
  }

  /// What to write for a function that there is not.
  static func function(_ word: String) -> String? {
    switch word {
    case "range": "write a range as 0..9"
    case "str", "string", "format": "write text(x)"
    case "int", "trunc": "write floor(x) or round(x)"
    case "float", "double": "write number(text)"
    case "len", "count", "size": "write length(x)"
    case "append", "concat", "extend": "write join(list, value)"
    case "pow": "write x * x for a square, exp(y * log(x)) for other powers"
    case "average", "avg": "write mean(list)"
    default: nil
    }
  }
}
