extension FunctionDeclaration {
  /// For each function statements that show its use.
  static let examples: [String: String] = [
    "min": "print min(3, 1, 2), min([0.5, 0.25])",
    "max": "print max(3, 1, 2), max(0..9)",
    "sum": "print sum([1, 2, 3]), sum(1..100)",
    "mean": "print mean([1, 2, 4])",
    "abs": "print abs(-3), abs([-1, 1])",
    "sqrt": "print sqrt(2), sqrt([1, 4, 9])",
    "exp": "print exp(1)",
    "log": "print log(10)",
    "floor": "print floor(2.7), floor(-2.7)",
    "ceiling": "print ceiling(2.1)",
    "round": "print round(2.5), round(3.14159, 2)",
    "text": "print \"a third is \" + text(1 / 3, 3)",
    "number": "epochs = number(\"20\")",
    "length": "print length([1, 2, 3]), length(\"abc\"), length(0..9)",
    "list": "print list(0..3)",
    "join": "print join([1, 2], 3, 4..5)",
    "sort": "print sort([3, 1, 2])",
    "factor": "houses = load streets count 5\nprint factor(houses, \"slant\")",
    "column":
      "ones = load mnist digits 1 count 20\nmodel = vae for ones latents 4\nprint column((measure model on ones latents), \"state\")",
  ]
}
