/// Values that are sure before anything runs, so that `epochs = 0` is found where `epochs epochs` asks for more.
///
/// Only statements that are sure to run count: none in a block, none behind `and` or `or`, none after a statement that
/// may have ended the run.
extension Checker {
  /// How long texts, and lists and ranges as lists, may be.
  private static let longest = 1000

  /// Whether what is checked now runs whenever the script does.
  var isCertain: Bool { blockDepth == 0 && skippable == 0 && !mayHaveEnded }

  /// The value that an expression is sure to have, nil where it depends on what running brings.
  func constant(_ expression: Expression) -> Value? {
    switch expression.kind {
    case .number(let number): return .number(number)
    case .truth(let truth): return .truth(truth)
    case .name(let name): return constants[name]
    case .text(let parts): return constant(parts)
    case .list(let elements):
      guard elements.count <= Self.longest else { return nil }
      var values: [Value] = []
      for element in elements {
        guard let value = constant(element) else { return nil }
        values.append(value)
      }
      return small(try? .list(ScriptList(values)))
    case .range(let lower, let upper):
      guard case .number(let low) = constant(lower), case .number(let high) = constant(upper), low.isFinite,
        high.isFinite
      else { return nil }
      return .range(ScriptRange(low, high))
    case .negative(let operand): return combinable(constant(operand)).flatMap { try? $0.mappingNumbers { -$0 } }
    case .arithmetic(let first, let rest):
      guard rest.count <= Self.longest, var value = constant(first) else { return nil }
      for (symbol, operand) in rest {
        guard let left = combinable(value), let right = combinable(constant(operand)),
          let next = small(try? Arithmetic.apply(symbol, left, right))
        else { return nil }
        value = next
      }
      return value
    default: return nil
    }
  }

  private func constant(_ parts: [TextPart]) -> Value? {
    var whole = ""
    for part in parts {
      switch part {
      case .literal(let text): whole += text
      case .embedded(let expression, let format):
        guard let value = constant(expression),
          let text = format.map({ format in try? format.text(of: value) }) ?? value.text
        else { return nil }
        whole += text
      }
      if whole.utf8.count > Self.longest { return nil }
    }
    return .text(whole)
  }

  private func small(_ value: Value?) -> Value? {
    switch value {
    case .text(let text): text.utf8.count <= Self.longest ? value : nil
    case .list(let list): list.count <= Self.longest ? value : nil
    default: value
    }
  }

  /// A value that arithmetic may work through in no time.
  private func combinable(_ value: Value?) -> Value? {
    if case .range(let range) = value { range.count <= Self.longest ? value : nil } else { small(value) }
  }

  /// Reports what arithmetic on sure values runs into: `1 / n` after `n = 0`.
  mutating func foldArithmetic(_ first: Expression, _ rest: [(Symbol, Expression)]) {
    guard isCertain, rest.count <= Self.longest, var value = combinable(constant(first)) else { return }
    for (symbol, operand) in rest {
      guard let right = combinable(constant(operand)) else { return }
      do {
        guard let next = combinable(try Arithmetic.apply(symbol, value, right)) else { return }
        value = next
      } catch let failure as ScriptFailure {
        return report(failure.message, first.span.joined(operand.span), hint: failure.hint)
      } catch {
        return
      }
    }
  }

  /// Reports what a function of sure values runs into: `sqrt(-1)`.
  mutating func fold(_ function: FunctionDeclaration, _ arguments: [Expression], at span: Span) {
    guard isCertain, !arguments.isEmpty, arguments.count <= Self.longest, let apply = function.apply else { return }
    var values: [Value] = []
    for argument in arguments {
      guard let value = combinable(constant(argument)) else { return }
      values.append(value)
    }
    do {
      _ = try apply(values)
    } catch let failure as ScriptFailure {
      report(failure.message, failure.span ?? span, hint: failure.hint)
    } catch {}
  }
}
