import BVAERendering
import Testing

@Suite("Canvas")
struct CanvasTests {
  /// How much of a white page black things cover, in pixels. Undoes the blending in light.
  private func cover(_ canvas: Canvas) -> Float {
    stride(from: 0, to: canvas.bitmap.bytes.count, by: 3).reduce(0) { sum, index in
      let light = Float(canvas.bitmap.bytes[index]) / 255
      return sum + 1 - light * light
    }
  }

  @Test("A filled rectangle is exact and clipped to the page")
  func fill() {
    var canvas = Canvas(width: 10, height: 8)
    canvas.fill(Rectangle(x: 7, y: -2, width: 100, height: 4), .black)
    #expect(cover(canvas) == 6)
    #expect(canvas.bitmap[7, 1] == .black && canvas.bitmap[6, 1] == .white && canvas.bitmap[7, 2] == .white)
  }

  @Test("A polygon covers its area")
  func polygon() {
    let shapes: [([Point], Float)] = [
      ([Point(2.25, 3.5), Point(12.75, 3.5), Point(12.75, 9.25), Point(2.25, 9.25)], 10.5 * 5.75),
      ([Point(1, 1), Point(18, 4), Point(5, 17)], 0.5 * abs(17 * 16 - 4 * 3)),
      ([Point(5, 17), Point(18, 4), Point(1, 1)], 0.5 * abs(17 * 16 - 4 * 3)),
      ([Point(-10, -10), Point(5, -10), Point(5, 5), Point(-10, 5)], 25),
      ([Point(15, 5), Point(40, 5), Point(40, 40), Point(15, 40)], 75),
    ]
    for (points, area) in shapes {
      var canvas = Canvas(width: 20, height: 20)
      canvas.fill(points, .black)
      #expect(abs(cover(canvas) - area) < 0.4, "\(points)")
    }
  }

  @Test("A line covers its length times its width")
  func line() {
    var canvas = Canvas(width: 60, height: 40)
    canvas.stroke([Point(10.5, 20.5), Point(50.5, 20.5)], Stroke(.black, width: 3))
    #expect(abs(cover(canvas) - (40 * 3 + 7)) < 2)
    var crisp = Canvas(width: 20, height: 5)
    crisp.stroke([Point(0.5, 2.5), Point(19.5, 2.5)], Stroke(.black, width: 1))
    #expect(cover(crisp) == 20)
  }

  @Test("Dashes leave gaps, whatever the points' spacing")
  func dashes() {
    var coarse = Canvas(width: 120, height: 9), fine = Canvas(width: 120, height: 9)
    let stroke = Stroke(.black, width: 1, dashes: [6, 6])
    coarse.stroke([Point(0.5, 4.5), Point(108.5, 4.5)], stroke)
    fine.stroke((0...108).map { Point(Float($0) + 0.5, 4.5) }, stroke)
    #expect(cover(coarse) > 50 && cover(coarse) < 80)
    #expect(abs(cover(coarse) - cover(fine)) < 2)
  }

  @Test("What is no number or far away does no harm")
  func hostile() {
    var canvas = Canvas(width: 10, height: 10)
    let far = Point(1e30, -1e30), none = Point(.nan, 3), infinite = Point(.infinity, 0)
    canvas.stroke([Point(1, 1), none, far, infinite, Point(5, 5), Point(1e9, 5)], Stroke(.black, dashes: [3, 3]))
    canvas.stroke([far, Point(-1e30, 1e30)], Stroke(.black, width: 2))
    canvas.fill([far, none, infinite, Point(3, 3)], .black)
    canvas.disc(far, radius: 3, .black)
    canvas.draw("far", Font(size: 13), .black, x: 100_000, y: -100_000)
    canvas.draw(Bitmap(width: 2, height: 2, planes: 1), x: -1, y: 9, scale: 3)
    #expect(canvas.bitmap.width == 10)
  }

  @Test("A bitmap is enlarged by whole pixels")
  func enlarged() {
    var canvas = Canvas(width: 6, height: 6)
    canvas.draw(Bitmap(width: 2, height: 2, planes: 1, bytes: [10, 20, 30, 40]), x: 1, y: 1, scale: 2)
    #expect(canvas.bitmap[1, 1].red == 10 && canvas.bitmap[2, 2].red == 10)
    #expect(canvas.bitmap[3, 1].red == 20 && canvas.bitmap[1, 4].red == 30 && canvas.bitmap[4, 4].red == 40)
    #expect(canvas.bitmap[5, 5] == .white)
  }

  @Test("Half a cover is half the light")
  func blending() {
    #expect(Color.white.mixed(with: .black, share: 0.5) == Color(grey: 180))
    #expect(Color.white.mixed(with: .black, share: 0) == .white)
    #expect(Color.white.mixed(with: .black, share: 1) == .black)
    #expect(Color(0x1234AB) == Color(red: 0x12, green: 0x34, blue: 0xAB))
  }
}
