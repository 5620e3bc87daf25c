import BVAECPU
import BVAEInterpretation
import BVAEPlatform
import BetaVAE
import Testing

@Suite("Measures of images")
struct ImageMeasureTests {
  private func measured(_ measure: ImageMeasure, _ drawing: Drawing, isolatesCentre: Bool = false) -> Double {
    let meter = ImageMeter(drawing.shapeOfImage, isolatesCentre: isolatesCentre)
    guard let values = try? meter.measure(drawing.values) else { return .nan }
    return values[meter.measures.firstIndex(of: measure)!]
  }

  private let colour = Drawing(shape: .ring, side: 32, ink: [0.8, 0.3, 0.2], paper: [0.3, 0.4, 0.5])

  @Test("Angles are those of the drawing, whatever its strength", arguments: [-30.0, -10, 0, 5, 25])
  func angles(angle: Double) {
    for ink in [1.0, 0.3] {
      let turned = Drawing(shape: .one, height: 18, rotation: angle, ink: [ink])
      #expect(abs(measured(.rotation, turned) - angle) < 0.7)
      let slanted = Drawing(shape: .bar, height: 16, width: 6, slant: angle, ink: [ink])
      #expect(abs(measured(.slant, slanted) - angle) < 0.7)
    }
  }

  @Test("Height and width are those of a bar, at any fraction of a pixel", arguments: [8.0, 9.25, 11.5, 14.8])
  func lengths(length: Double) {
    #expect(abs(measured(.height, Drawing(height: length)) - length) < 0.4)
    #expect(abs(measured(.width, Drawing(width: length)) - length) < 0.4)
    #expect(abs(measured(.size, Drawing(height: length, width: length)) - length) < 0.4)
    #expect(abs(measured(.aspect, Drawing(height: length, width: 8)) - length / 8) < 0.08)
  }

  @Test("Leaning makes nothing wider, and moving nothing taller")
  func independence() {
    let upright = measured(.width, Drawing()), leaning = measured(.width, Drawing(slant: 25))
    #expect(abs(leaning - upright) < 0.03 * upright)
    let there = measured(.height, Drawing(x: 2.3, y: -1.7))
    #expect(abs(there - measured(.height, Drawing())) < 0.2)
  }

  @Test("A stroke's thickness is measured, straight or round", arguments: [2.0, 3, 4.5])
  func thickness(_ thickness: Double) {
    // A stroke of length L counts t L / (L + t).
    let stroke = measured(.thickness, Drawing(shape: .one, height: 20, thickness: thickness))
    #expect(abs(stroke - thickness * 20 / (20 + thickness)) < 0.12 * thickness)
    let ring = measured(.thickness, Drawing(shape: .ring, height: 18, width: 18, thickness: thickness))
    #expect(abs(ring - thickness) < 0.12 * thickness)
    #expect(
      measured(.thickness, Drawing(shape: .ring, height: 18, width: 14, thickness: thickness + 0.2))
        > measured(.thickness, Drawing(shape: .ring, height: 18, width: 14, thickness: thickness)) + 0.1)
  }

  @Test("Places are those of the drawing", arguments: [-3.0, -0.4, 0, 1.7])
  func places(_ place: Double) {
    #expect(abs(measured(.centreX, Drawing(x: place)) - place) < 0.2)
    #expect(abs(measured(.centreY, Drawing(y: place)) - place) < 0.2)
  }

  @Test("A digit is what differs from the border, brighter or darker, in a slope of light or not")
  func polarity() {
    for (ink, paper) in [(0.9, 0.2), (0.2, 0.9), (0.5, 0.3)] {
      for light in [0.0, 0.2] {
        let drawing = Drawing(
          shape: .one, height: 18, rotation: 15, ink: [ink], paper: [paper], lightFromRight: light,
          lightFromBelow: -light / 2)
        #expect(abs(measured(.contrast, drawing) - (ink - paper)) < 0.12)
        #expect(abs(measured(.visibility, drawing) - abs(ink - paper)) < 0.08)
        #expect(abs(measured(.surroundings, drawing) - paper) < 0.02)
        #expect(abs(measured(.rotation, drawing) - 15) < 1.5)
        #expect(abs(measured(.lightFromRight, drawing) - light) < 0.02)
        #expect(abs(measured(.lightFromBelow, drawing) + light / 2) < 0.02)
      }
    }
  }

  @Test("A digit of the paper's brightness and another colour is seen")
  func colourOnly() {
    let drawing = Drawing(shape: .one, height: 18, rotation: 20, ink: [0.7, 0.4, 0.4], paper: [0.3, 0.58, 0.51])
    #expect(abs(measured(.contrast, drawing)) < 0.03)
    #expect(abs(measured(.rotation, drawing) - 20) < 1)
  }

  @Test("Colours have hue, saturation and warmth")
  func hues() {
    func flat(_ colour: [Double]) -> Drawing { Drawing(side: 16, ink: colour, paper: colour) }
    for (colour, hue) in [
      ([0.8, 0.2, 0.2], 0.0), ([0.2, 0.8, 0.2], 120), ([0.2, 0.2, 0.8], 240), ([0.8, 0.8, 0.2], 60),
    ] {
      #expect(abs(measured(.hue, flat(colour)) - hue) < 0.5)
      #expect(abs(measured(.saturation, flat(colour)) - 0.6) < 0.01)
    }
    #expect(measured(.hue, flat([0.5, 0.5, 0.5])).isNaN)
    #expect(abs(measured(.warmth, flat([0.8, 0.4, 0.2])) - 0.6) < 0.01)
    #expect(measured(.borderAgainstCentre, colour) > measured(.borderAgainstCentre, flat([0.3, 0.4, 0.5])) - 0.2)
  }

  @Test("Neighbours at the sides are left out where the images have them")
  func neighbours() {
    var drawing = Drawing(
      shape: .ring, side: 32, height: 16, width: 10, slant: 10, ink: [0.8, 0.7, 0.6], paper: [0.2, 0.2, 0.3])
    let alone = measured(.slant, drawing, isolatesCentre: true)
    drawing.hasNeighbours = true
    #expect(ImageMeter(for: bytes([drawing, drawing])).isolatesCentre)
    #expect(abs(measured(.slant, drawing, isolatesCentre: true) - alone) < 3)
    drawing.hasNeighbours = false
    #expect(!ImageMeter(for: bytes([drawing])).isolatesCentre)
  }

  @Test("A digit that fades keeps its shape until it is gone, and then has none")
  func fading() {
    let full = Drawing(shape: .one, height: 18, rotation: 12)
    for ink in [0.8, 0.4, 0.2, 0.1] {
      var faded = full
      faded.ink = [ink]
      #expect(abs(measured(.visibility, faded) - ink) < 0.1 * ink)
      for measure in [ImageMeasure.rotation, .slant, .height, .width, .thickness] {
        #expect(abs(measured(measure, faded) - measured(measure, full)) < 0.1, "\(measure) at \(ink)")
      }
    }
    for ink in [0.03, 0.01, 0] {
      var gone = full
      gone.ink = [ink]
      for measure in [ImageMeasure.rotation, .slant, .height, .width, .size, .aspect, .thickness, .centreX, .centreY] {
        #expect(measured(measure, gone).isNaN, "\(measure) at \(ink)")
      }
    }
  }

  @Test("Noise has no shape, and a digit in noise has its own", arguments: [0.03, 0.1])
  func noise(deviation: Double) throws {
    var generator = RandomGenerator(seed: 5, stream: .scores)
    for _ in 0..<10 {
      func noisy(_ drawing: Drawing) -> [Float] {
        drawing.values.map {
          let sum = (0..<12).reduce(0.0) { sum, _ in sum + generator.uniform() } - 6
          return min(max($0 + Float(deviation * sum), 0), 1)
        }
      }
      let meter = ImageMeter(.mnist), slant = meter.measures.firstIndex(of: .slant)!
      #expect(try meter.measure(noisy(Drawing(ink: [0.5], paper: [0.5])))[slant].isNaN)
      let digit = try meter.measure(noisy(Drawing(slant: 20, ink: [0.9], paper: [0.3])))[slant]
      #expect(abs(digit - 20) < 90 * deviation)
    }
  }

  @Test("Ink is area times strength, brightness the mean, and a bright middle stands against a dark border")
  func amounts() {
    for (height, width, ink) in [(16.0, 8.0, 1.0), (12, 8, 1), (16, 4, 1), (16, 8, 0.5)] {
      let drawing = Drawing(height: height, width: width, ink: [ink])
      #expect(abs(measured(.ink, drawing) - height * width * ink / 784) < 0.003)
      #expect(abs(measured(.brightness, drawing) - height * width * ink / 784) < 0.002)
    }
    #expect(abs(measured(.brightness, Drawing(ink: [0.2], paper: [0.7])) - (0.7 - 0.5 * 128 / 784)) < 0.002)
    for (ink, paper) in [(0.9, 0.2), (0.1, 0.6)] {
      let drawing = Drawing(height: 18, width: 18, ink: [ink], paper: [paper])
      #expect(abs(measured(.borderAgainstCentre, drawing) - (paper - ink)) < 0.002)
    }
    #expect(
      abs(measured(.lightFromBelow, Drawing(paper: [0.4], lightFromBelow: 0.3)) - 0.3) < 0.01)
  }

  @Test("Hue goes round, saturation rises, and neither moves the other")
  func colours() {
    for step in 0..<12 {
      for saturation in [0.1, 0.4] {
        // The colour circle at even distances, as HSV has it.
        let colour = (0..<3).map { plane -> Double in
          let place = (Double(step) / 2 - 2 * Double(plane) + 6).truncatingRemainder(dividingBy: 6)
          let share = min(max(abs(place - 3) - 1, 0), 1)
          return 0.5 + saturation * (share - 0.5)
        }
        let drawing = Drawing(side: 8, ink: colour, paper: colour)
        #expect(abs(measured(.hue, drawing) - Double(30 * step)) < 0.5, "\(colour)")
        #expect(abs(measured(.saturation, drawing) - saturation) < 0.01)
      }
    }
  }

  @Test("An empty image has no geometry, and nothing traps")
  func empty() throws {
    let flat = Drawing(ink: [0.4], paper: [0.4])
    #expect(measured(.height, flat).isNaN && measured(.slant, flat).isNaN)
    #expect(measured(.visibility, flat) < 0.001 && abs(measured(.brightness, flat) - 0.4) < 0.001)
    let tiny = ImageMeter(ImageShape(height: 1, width: 1, planes: 1))
    #expect(try tiny.measure([0.5] as [Float]).count == tiny.measures.count)
    let strange = try ImageMeter(.mnist).measure([Float](repeating: .nan, count: 784))
    #expect(strange.count == ImageMeter(.mnist).measures.count)
  }

  @Test("Measures move smoothly: a small turn moves none of them by much")
  func smoothness() throws {
    let meter = ImageMeter(.mnist)
    var last: [Double]?
    for step in 0...40 {
      let values = try meter.measure(
        Drawing(shape: .ring, height: 18, width: 10, rotation: Double(step) * 0.5, slant: 5).values)
      if let last {
        for (measure, (before, after)) in zip(meter.measures, zip(last, values)) {
          let scale = measure.unit == "°" ? 1.3 : measure.unit == "px" ? 0.25 : 0.05
          #expect(abs(after - before) < scale, "\(measure) at \(step)")
        }
      }
      last = values
    }
  }

  @Test("Images of another size are refused, one by one and together")
  func otherSize() throws {
    let meter = ImageMeter(.mnist)
    #expect(throws: ModelError.self) { try meter.measure([Float](repeating: 0, count: 783)) }
    for shape in [[2, 32, 32, 1], [2, 28, 28, 3], [2, 784], [2, 28, 28]] {
      #expect(throws: ModelError.self) { try meter.measure(Tensor(shape: shape), workers: Workers(count: 1)) }
    }
    #expect(try meter.measure(Tensor(shape: [2, 28, 28, 1]), workers: Workers(count: 1)).count == 2)
  }

  @Test("A height goes from the 5 % to the 95 % quantile of the mask, over 0.9")
  func quantiles() throws {
    // 64 pixels in eight rows, then 24 in twelve: 5 % of 88 end in row 4.55, 95 % in row 21.8.
    var values = [Float](repeating: 0, count: 784)
    for row in 4..<12 { for column in 10..<18 { values[row * 28 + column] = 1 } }
    for row in 12..<24 { for column in 13..<15 { values[row * 28 + column] = 1 } }
    let meter = ImageMeter(.mnist), height = try #require(meter.measures.firstIndex(of: .height))
    #expect(abs(try meter.measure(values)[height] - (21.8 - 4.55) / 0.9) < 0.1)
  }
}
