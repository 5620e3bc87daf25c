import BVAEArrays
import BVAELanguage
import BVAEPlatform

/// Random numbers from the script's seed: the same script draws the same, each call other numbers than the last.
extension FunctionDeclaration {
  static let random: [FunctionDeclaration] = [
    drawing(
      "random", "numbers drawn evenly from 0 to 1: one, a list of n, or an array of a shape",
      example: "set seed 7\nprint random(), random(3), random([2, 2])"
    ) { generator, _ in generator.uniform() },
    drawing(
      "normal", "numbers drawn from the standard normal distribution: one, a list of n, or an array of a shape",
      example: "set seed 7\nprint normal(), mean(normal(1000))"
    ) { generator, place in generator.normalPair(at: UInt64(place)).0 },
    FunctionDeclaration(
      drawing: "shuffled", syntax: "shuffled(x)",
      summary: "the values of a list in random order, or a dataset's images; the first few are a random choice",
      example: "set seed 7\nprint shuffled(1..5), shuffled(0..999)[..2]", arity: 1...1, parameters: [[.any]],
      result: { $0[0] == .range ? .list : $0[0] },
      draw: { arguments, session in
        var generator = session.generator()
        if case .object(let object) = arguments[0] {
          return try object.elements(generator.permutation(object.count))
        }
        let list = try arguments[0].listed()
        return .list(try ScriptList(generator.permutation(list.count).map { list[$0] }))
      }),
  ]

  private static func drawing(
    _ name: String, _ summary: String, example: String,
    _ body: @escaping @Sendable (inout RandomGenerator, _ place: Int) -> Double
  ) -> FunctionDeclaration {
    FunctionDeclaration(
      drawing: name, syntax: "\(name)(n)", summary: summary, example: example, arity: 0...1,
      parameters: [[.number, .list, .range]], result: { $0.isEmpty ? .number : .list },
      draw: { arguments, session in
        var generator = session.generator()
        guard let wanted = arguments.first else { return .number(body(&generator, 0)) }
        let shape = try wanted.type == .number ? [wanted] : wanted.listed().elements
        let extents = try shape.map { extent in
          guard let whole = extent.whole, whole >= 1, whole <= NumberArray.largest else {
            throw ScriptFailure("how many is a whole number of 1 or more, or a list of them; \(extent.found)")
          }
          return whole
        }
        guard !extents.isEmpty, extents.reduce(1.0, { $0 * Double($1) }) <= Double(NumberArray.largest) else {
          throw ScriptFailure("a list holds up to \(NumberArray.largest.grouped) numbers")
        }
        return try .numbers((0..<extents.reduce(1, *)).map { body(&generator, $0) }, shape: extents)
      })
  }
}

extension Session {
  /// The generator of the next draw.
  fileprivate func generator() -> RandomGenerator {
    RandomGenerator(seed: seed(nil), stream: .script, index: nextDraw())
  }
}
