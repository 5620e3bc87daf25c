import BVAERendering
import Testing

@Suite("Layouts")
struct LayoutTests {
  @Test("Every text lies on the page")
  func inside() {
    for (name, page) in SampleFigures.pages {
      let whole = Rectangle(x: 0, y: 0, width: page.width, height: page.height)
      for text in page.texts { #expect(whole.contains(text.bounds), "\(name): \(text.text) at \(text.bounds)") }
    }
  }

  @Test("No two texts overlap")
  func apart() {
    for (name, page) in SampleFigures.pages {
      let texts = page.texts
      for (index, text) in texts.enumerated() {
        for other in texts[(index + 1)...] {
          #expect(!text.bounds.overlaps(other.bounds), "\(name): '\(text.text)' and '\(other.text)'")
        }
      }
    }
  }

  @Test("No text lies on an image or a rule of a sheet or diagram")
  func uncovered() {
    for (name, page) in SampleFigures.pages where name.hasPrefix("sheet") || name.hasPrefix("diagram") {
      for mark in page.marks {
        let area: Rectangle
        switch mark {
        case .image(let image, let x, let y, let scale):
          area = Rectangle(x: x, y: y, width: image.width * scale, height: image.height * scale)
        case .fill(let rectangle, _): area = rectangle
        default: continue
        }
        for text in page.texts { #expect(!area.overlaps(text.bounds), "\(name): \(text.text) on \(area)") }
      }
    }
  }

  @Test("Images of a sheet stay on the page, apart from each other and whole")
  func images() {
    for (name, sheet) in SampleFigures.sheets {
      let page = sheet.layout()
      let areas = page.marks.compactMap { mark -> Rectangle? in
        guard case .image(let image, let x, let y, let scale) = mark else { return nil }
        return Rectangle(x: x, y: y, width: image.width * scale, height: image.height * scale)
      }
      #expect(areas.count == sheet.references.count + sheet.rows.reduce(0) { $0 + $1.frames.count })
      let inner = Rectangle(x: 0, y: 0, width: page.width, height: page.height).inset(Theme.margin)
      for (index, area) in areas.enumerated() {
        #expect(inner.contains(area), "\(name)")
        #expect(!areas[(index + 1)...].contains { $0.inset(sheet.axes == nil ? -2 : 0).overlaps(area) }, "\(name)")
      }
    }
  }

  @Test("A sheet chooses a scale that makes it about 1000 pixels wide")
  func automaticScale() {
    for (side, count) in [(28, 12), (32, 12), (28, 64), (64, 12)] {
      let frames = SampleFigures.frames(count, side: side)
      let width = ContactSheet(references: [frames[0], frames[1]], rows: [.init(frames: frames)]).layout().width
      #expect((700...1180).contains(width), "\(side), \(count): \(width)")
    }
  }

  @Test("A figure that would be too large is refused, not attempted")
  func tooLarge() {
    let huge = ContactSheet(rows: [.init(frames: SampleFigures.frames(200, side: 64))], columns: 1, scale: 64)
    #expect(throws: DrawingError.self) { try huge.render() }
  }
}
