import BVAEPlatform
import BetaVAE
import Glibc
import Testing

@Suite("What an InfoGAN's images are made of")
struct GeneratorCodeTests {
  @Test("The layout of the generator's input and of Q's output")
  func layout() throws {
    let code = try GeneratorCode(noise: 2, categories: [3, 2], continuous: 2)
    #expect(code.inputs == 9 && code.outputs == 7)
    #expect(code.logits == [0..<3, 3..<5] && code.means == 5..<7)
    #expect(code.description == "2 noise, categories of 3 and 2, 2 continuous")
    let inputs = try GeneratorInputs(
      code, count: 2, noise: [1, 2, 3, 4], categories: [2, 0, 1, 1], continuous: [0.5, -0.5, 0.25, 3])
    #expect(inputs.row(0) == [1, 2, 0, 0, 1, 1, 0, 0.5, -0.5])
    #expect(inputs.row(1) == [3, 4, 0, 1, 0, 0, 1, 0.25, 3])
    #expect(abs(try GeneratorCode().mostInformation - 2.636) < 1e-3)
    #expect(try GeneratorCode.usual(for: .mnist).inputs == 74)
    let street = try GeneratorCode.usual(for: ImageShape(height: 32, width: 32, planes: 3))
    #expect(street.inputs == 168 && street.outputs == 44)
    #expect(try GeneratorCode(noise: 0, categories: [], continuous: 1).description == "0 noise, 1 continuous")
  }

  @Test("What is drawn is uniform, the same for the same seed, and begins alike for more images")
  func draws() throws {
    let code = try GeneratorCode(noise: 3, categories: [10, 4], continuous: 2)
    func draw(_ count: Int, _ index: Int = 1, _ stream: RandomStream = .judgedCode) -> GeneratorInputs {
      var random = RandomGenerator(seed: 4, stream: stream, index: index)
      return code.draw(count, from: &random)
    }
    let many = draw(5000)
    #expect(many == draw(5000) && many != draw(5000, 2) && many != draw(5000, 1, .generatedCode))
    #expect(draw(7).row(6) == many.row(6))
    for list in [many.noise, many.continuous] {
      #expect(list.allSatisfy { abs($0) <= 1 })
      #expect(abs(list.reduce(0, +) / Float(list.count)) < 0.03)
      #expect(abs(list.reduce(0) { $0 + $1 * $1 } / Float(list.count) - 1 / 3) < 0.02)
    }
    for (place, size) in [(0, 10), (1, 4)] {
      let found = (0..<5000).map { many.categories[2 * $0 + place] }
      for category in 0..<size {
        #expect(abs(Double(found.count { $0 == category }) / 5000 - 1 / Double(size)) < 0.03)
      }
    }
    #expect(draw(-3).count == 0)
  }

  @Test("Codes that cannot be are refused in words")
  func refusals() throws {
    func words(_ body: () throws -> some Any) -> String {
      do {
        _ = try body()
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(
      words { try GeneratorCode(noise: -1) } == "the numbers of noise of an InfoGAN are 0 to 1024, not -1")
    #expect(
      words { try GeneratorCode(categories: [10, 1]) } == "the categories of a categorical code are 2 to 1000, not 1")
    #expect(
      words { try GeneratorCode(categories: Array(repeating: 2, count: 33)) }
        == "the categorical codes of an InfoGAN are 0 to 32, not 33")
    #expect(words { try GeneratorCode(continuous: 257) } == "the continuous codes of an InfoGAN are 0 to 256, not 257")
    #expect(words { try GeneratorCode(categories: [], continuous: 0) }.hasPrefix("an InfoGAN needs at least one code"))
    let code = try GeneratorCode(noise: 1, categories: [3], continuous: 1)
    #expect(
      words { try GeneratorInputs(code, count: 1, noise: [0], categories: [3], continuous: [0]) }
        == "a code of 3 categories has those from 0 to 2, not 3")
    #expect(
      words { try GeneratorInputs(code, count: 2, noise: [0], categories: [1, 1], continuous: [0, 0]) }
        == "2 images are made of 2 × 1 numbers of noise, not 1")
    #expect(
      words { try GeneratorInputs(code, count: 1, noise: [.nan], categories: [1], continuous: [0]) }
        == "noise and continuous codes must be finite numbers")
    #expect(words { try GeneratorInputs(code, count: .max, noise: [], categories: [], continuous: []) } != "accepted")
    #expect(
      words { try InfoGAN(image: ImageShape(height: 64, width: 64, planes: 1)) }
        == "an InfoGAN takes images of 28×28 or 32×32 pixels, not 64×64×1")
    #expect(words { try InfoGAN(image: .mnist, channels: 0) } == "channels must be from 1 to 512, not 0")
    #expect(words { try InfoGAN(image: .mnist, slope: .nan) }.hasPrefix("the slope of a leaky ReLU is 0 to 1"))
    let model = try InfoGAN(image: .mnist, code: code, channels: 2)
    let other = try GeneratorCode(noise: 2, categories: [3], continuous: 1)
    var random = RandomGenerator(seed: 1, stream: .sample)
    #expect(
      words { try model.decode(other.draw(1, from: &random)) }
        == "the model's images are made of 1 noise, categories of 3, 1 continuous, "
        + "not of 2 noise, categories of 3, 1 continuous")
    #expect(words { try model.encode(Tensor(shape: [1, 32, 32, 1])) }.contains("32×32"))
    #expect(words { try model.encode(Tensor(shape: [1, 3])) } == "images have four dimensions, not 2")
    for (category, reason) in [(1.5, "1.5"), (3, "3"), (-1, "-1")] {
      #expect(
        words { try model.decode(Tensor(shape: [1, 2], values: [Float(category), 0])) }
          == "Z0 is a category, a whole number from 0 to 2, not \(reason)")
    }
  }

  @Test("L_cat and L_cont are 0 for a Q that knows nothing, ln 10 and 1/6 a code for one that knows all")
  func information() throws {
    let code = try GeneratorCode()
    var random = RandomGenerator(seed: 1, stream: .judgedCode)
    let inputs = code.draw(20000, from: &random)
    let nothing = CodeInformation(Array(repeating: 0, count: 20000 * 12), of: inputs, weight: 1)
    #expect(abs(nothing.categorical) < 1e-9 && nothing.continuous == 0)
    var output: [Float] = []
    for image in 0..<20000 {
      output += (0..<10).map { inputs.categories[image] == $0 ? 60 : 0 } + inputs.continuous(of: image)
    }
    let all = CodeInformation(output, of: inputs, weight: 1)
    #expect(abs(all.categorical - log(10)) < 1e-9)
    #expect(abs(all.continuous - 1.0 / 3) < 5e-3 && abs(all.total - code.mostInformation) < 5e-3)
    #expect(all.gradient.allSatisfy { abs($0) < 1e-9 })
    // Large logits overflow nothing.
    let wild = CodeInformation(output.map { $0 * 1e6 }, of: inputs, weight: 0.5)
    #expect(wild.categorical.isFinite && wild.gradient.allSatisfy(\.isFinite))
  }

  @Test("The gradients of both losses, by finite differences")
  func lossGradients() throws {
    let code = try GeneratorCode(noise: 0, categories: [4, 3], continuous: 2), images = 3
    var random = RandomGenerator(seed: 6, stream: .judgedCode)
    let inputs = code.draw(images, from: &random)
    let output = (0..<images * code.outputs).map { _ in Float(3 * random.uniform() - 1.5) }
    func slope(_ values: [Float], _ place: Int, _ loss: ([Float]) -> Double) -> Double {
      var above = values, below = values
      above[place] += 0x1p-8
      below[place] -= 0x1p-8
      return (loss(above) - loss(below)) / 0x1p-7
    }
    let found = CodeInformation(output, of: inputs, weight: 0.7).gradient
    for place in output.indices {
      let slope = slope(output, place) { -0.7 * CodeInformation($0, of: inputs, weight: 0.7).total }
      #expect(abs(slope - Double(found[place])) < 1e-5)
    }
    for shouldBeReal in [true, false] {
      let gradient = AdversarialLoss(output, shouldBeReal: shouldBeReal).gradient
      for place in output.indices {
        let slope = slope(output, place) { AdversarialLoss($0, shouldBeReal: shouldBeReal).value }
        #expect(abs(slope - Double(gradient[place])) < 1e-5)
      }
    }
    #expect(abs(AdversarialLoss([0, 0], shouldBeReal: true).value - log(2)) < 1e-12)
    #expect(AdversarialLoss([-3000], shouldBeReal: true).value == 3000)
    #expect(AdversarialLoss([-3000], shouldBeReal: false).value == 0)
  }
}
