/// Hints for words that other languages use.
enum ForeignWord {
  /// What to write for a statement that there is not.
  static func statement(_ word: String) -> String? {
    switch word {
    case "elif", "elseif", "elsif": "write 'else if'"
    case "while", "repeat", "loop", "do": "the loop is: for name in 0..9"
    case "return": "a defined command gives the value of its last statement"
    case "let", "var", "const": "write name = value"
    case "function", "func", "def", "fn": "write define name parameter …"
    case "import", "source", "use": "write include \"other.bvs\""
    case "echo", "puts": "write print"
    case "exit", "stop": "write quit"
    default: nil
    }
  }

  /// What to write for a function that there is not.
  static func function(_ word: String) -> String? {
    switch word {
    case "range": "a range is written 0..9"
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
