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
    case "dir": "'ls' lists a folder, at the prompt"
    case "cls": "'clear' clears the screen, at the prompt; so does Ctrl-L"
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

  /// The options that an option of other programs may stand for.
  static func option(_ word: String) -> [String] {
    switch word {
    case "lr", "learning_rate", "learningrate": ["rate"]
    case "batch_size", "batchsize", "bs": ["batch"]
    case "n_epochs", "num_epochs", "iterations": ["epochs"]
    case "z_dim", "latent_dim", "dim", "n_latents": ["latents"]
    case "c", "color", "colour", "hue", "group", "groupby": ["by"]
    case "figsize", "width", "height": ["size"]
    case "label", "labels", "legend": ["names", "digits"]
    case "xlim": ["xlimits"]
    case "ylim": ["ylimits"]
    case "log", "logy", "yscale": ["logarithmic"]
    case "logx", "xscale": ["xlogarithmic"]
    case "yerr", "error", "errors": ["margins"]
    case "train", "test": ["split"]
    case "n", "num", "number", "limit", "size": ["count"]
    case "ascending", "reverse": ["descending"]
    case "agg", "func": ["with"]
    case "how", "left": ["keep"]
    case "fps", "speed": ["rate"]
    default: []
    }
  }

  /// The words that a word of other programs may stand for.
  static func word(_ word: String) -> [String] {
    switch word.lowercased() {
    case "heatmap", "imshow", "matrix", "pcolor": ["heat"]
    case "boxplot", "violin": ["box"]
    case "hist": ["histogram"]
    case "bar", "barh", "barplot": ["bars"]
    case "curve", "lines", "plot": ["line"]
    case "points", "dots": ["scatter"]
    case "stripplot", "swarm", "jitter": ["strip"]
    case "subplots", "facet": ["grid"]
    case "normal", "mse", "l2": ["gaussian"]
    case "bce", "crossentropy": ["bernoulli"]
    case "l1": ["laplace"]
    default: []
    }
  }

  /// What to write for what other languages ask of a list behind a dot; nil where that is nothing known.
  static func member(_ word: String, _ vocabulary: Vocabulary) -> String? {
    switch word {
    case "T": "write transpose(x)"
    case "size", "len": "write length(x)"
    case "ndim": "write length(shape(x))"
    case "head": "write x[..4]"
    case "tail": "write x[-5..]"
    case "append", "extend", "concat": "write x = join(x, value)"
    case "flatten", "ravel": "write reshape(x, [n])"
    case "copy": "lists are not shared: y = x is a copy"
    case "groupby": "write summarise t by \"name\""
    case "sort_values": "write arrange t by \"name\""
    case "argsort": "write order(x)"
    case "argmax", "argmin", "mean", "sum", "min", "max", "std": "write \(word)(x), along an axis \(word)(x, 0)"
    default: (vocabulary.function(word)?.syntax ?? function(word)?.replacing("write ", with: "")).map { "write \($0)" }
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
    case "arange": "write 0..n, or 0..1 step 0.1"
    case "zeros": "write repeat(0, n)"
    case "ones": "write repeat(1, n)"
    case "concatenate", "hstack", "vstack", "stack": "write join(a, b)"
    case "value_counts", "bincount": "write counts(x), beside unique(x)"
    case "dataframe", "DataFrame", "table": "write columns(\"name\", list, …)"
    case "dict": "write record(\"name\", value, …)"
    case "array", "asarray", "tensor": "lists of numbers are arrays: write [1, 2, 3]"
    case "allclose", "array_equal", "isclose": "write a == b for two lists, equal(a, b) value by value"
    case "rand", "uniform": "write random(n)"
    case "randn": "write normal(n)"
    case "randint", "choice", "permutation", "shuffle": "write shuffled(list)"
    case "filter": "write x[x > 0], or [v for v in x if v > 0]"
    case "map", "apply": "write [f for v in x], or use x as it is: functions go value by value"
    default: nil
    }
  }
}
