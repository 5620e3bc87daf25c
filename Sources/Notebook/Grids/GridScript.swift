import BVAELanguage
import BVAEPlatform

/// The script of a task: a model of images called `data`, and its training.
enum GridScript {
  /// What makes and trains one model.
  /// - Parameters:
  ///   - kind: the model's, with its options.
  ///   - seed: of the weights, the order and the noise.
  /// - Returns: nil where an option's value cannot be written down.
  static func text(_ kind: any ModelKind, _ training: TrainingArguments, seed: UInt64) -> String? {
    guard let model = words(kind.arguments), let trained = words(training.arguments) else { return nil }
    return """
      model = \(type(of: kind).word) for data\(model) seed \(seed)
      train model on data\(trained) seed \(seed)

      """
  }

  /// ` beta 4 latents 6`
  private static func words(_ arguments: [any DeclaredArgument]) -> String? {
    var text = ""
    for argument in arguments where argument.wasGiven {
      if let word = argument.word {
        text += " \(argument.name) \(word)"
      } else if let value = argument.literal {
        guard let written = written(value) else { return nil }
        text += " \(argument.name) \(written)"
      } else {
        return nil
      }
    }
    return text
  }

  /// A value as a script has it; nil for what no script can have.
  static func written(_ value: Value) -> String? {
    switch value {
    case .number(let number):
      guard number.isFinite else { return nil }
      return number == number.rounded() && number.magnitude < 1e15 ? String(Int(number)) : "\(number)"
    case .truth(let truth): return truth ? "true" : "false"
    case .text(let text): return quoted(text)
    case .range(let range): return "\(range.lower)..\(range.upper)"
    case .list(let list):
      let elements = (0..<list.count).map { written(list[$0]) }
      return elements.contains(nil) ? nil : "[" + elements.compactMap { $0 }.joined(separator: ", ") + "]"
    default: return nil
    }
  }

  private static func quoted(_ text: String) -> String? {
    guard !text.unicodeScalars.contains(where: { $0.value < 32 || "\\\"{}".unicodeScalars.contains($0) }) else {
      return nil
    }
    return "\"\(text)\""
  }
}
