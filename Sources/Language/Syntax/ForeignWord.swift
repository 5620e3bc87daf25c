/// Hints for words that other languages use.
enum ForeignWord {
  /// What to write for a statement that there is not.
  static func statement(_ word: String, _ vocabulary: Vocabulary) -> String? {
    switch word {
    case "elif", "elseif", "elsif": "write 'else if'"
    case "repeat", "loop", "do", "until": "loops are: for name in 0..9, and while x < 3"
    case "let", "var", "const": "write name = value"
    case "function", "func", "def", "fn": "write define name parameter …"
    case "import", "source", "use": "write include \"other.bvs\""
    case "echo", "puts": vocabulary.name(of: .prints).map { "write \($0)" }
    case "exit", "stop", "bye", "logout": vocabulary.name(of: .ends).map { "write \($0)" }
    case "next", "pass": "'continue' goes on with the next value, 'break' leaves a loop"
    case "dir": "paths are relative to the folder in which the program was started"
    case "cls": "Ctrl-L clears the screen"
    default: vocabulary.promptCommand(word).map { _ in "'\(word)' works at the prompt only" }
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
    case "power": "write pow(x, y)"
    case "stdev", "sd": "write std(x)"
    case "var": "write variance(x)"
    case "percentile": "write quantile(x, 0.9)"
    case "corr", "cor", "corrcoef": "write correlation(x, y)"
    case "argsort": "write order(x)"
    case "matmul": "write dot(a, b)"
    case "average", "avg": "write mean(list)"
    default: nil
    }
  }
}
