import BVAEPixels
import BVAEPlatform
import Testing

@Suite("Animations")
struct AnimationTests {
  /// A number from a few others, the same in every run.
  private static func noise(_ seed: Int) -> UInt8 {
    var state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15
    state = (state ^ (state >> 29)) &* 0xBF58_476D_1CE4_E5B9
    return UInt8(truncatingIfNeeded: state >> 40)
  }

  /// A square that moves over a grey ramp.
  private static func grey(_ frame: Int, width: Int = 40, height: Int = 16) -> Bitmap {
    Bitmap(
      width: width, height: height, planes: 1,
      bytes: (0..<width * height).map { place in
        let x = place % width, y = place / width
        return (2 * frame..<2 * frame + 6).contains(x) && (4..<9).contains(y) ? 255 : UInt8(x * 6)
      })
  }

  /// A photograph of sorts: soft colours, of which there are far more than 256, and a white page around it.
  private static func colored(_ frame: Int) -> Bitmap {
    let width = 64, height = 48
    return Bitmap(
      width: width, height: height, planes: 3,
      bytes: (0..<width * height).flatMap { place -> [UInt8] in
        let x = place % width, y = place / width
        if x < 8 || y < 8 { return [255, 255, 255] }
        return x < 32
          ? [UInt8(3 * x), UInt8(4 * y), UInt8(x + y)] : [UInt8(2 * x + frame), UInt8(5 * y), UInt8(255 - 3 * x)]
      })
  }

  private func check(_ read: ReadAnimation?, _ animation: Animation) throws -> ReadAnimation {
    let read = try #require(read)
    #expect(read.width == animation.width && read.height == animation.height)
    #expect(read.frames.count == animation.frames.count)
    #expect(read.delays == animation.frames.map { _ in animation.delay })
    #expect(read.plays == 0)
    return read
  }

  @Test("Grey frames survive as GIF and as APNG, and only what moves is stored")
  func grey() throws {
    let animation = try Animation((0..<12).map { Self.grey($0) }, rate: 8)
    #expect(animation.delay == 13 && animation.frames[0].planes == 1)
    for read in [
      try check(ReadAnimation(gif: GIF.encode(animation)), animation),
      try check(ReadAnimation(png: PNG.encode(animation)), animation),
    ] {
      #expect(read.frames == animation.frames.map(\.colored.bytes))
      #expect(read.sizes == [640] + [Int](repeating: 8 * 5, count: 11))
    }
  }

  @Test("Frames that show only greys are stored with one plane, whatever they had")
  func withoutColor() throws {
    let animation = try Animation([Self.grey(0).colored, Self.grey(3)])
    #expect(animation.frames == [Self.grey(0), Self.grey(3)])
    let mixed = try Animation([
      Self.grey(0), Bitmap(width: 40, height: 16, planes: 3, bytes: (0..<1920).map { UInt8($0 % 7) }),
    ])
    #expect(mixed.frames.map(\.planes) == [3, 3])
  }

  @Test("Frames of many colours are exact as APNG; as GIF they are close, and what stands still stays the same")
  func colored() throws {
    let animation = try Animation((0..<5).map { Self.colored(4 * $0) })
    let png = try check(ReadAnimation(png: PNG.encode(animation)), animation)
    #expect(png.frames == animation.frames.map(\.bytes))
    let gif = try check(ReadAnimation(gif: GIF.encode(animation)), animation)
    var largest = 0, sum = 0
    for (read, frame) in zip(gif.frames, animation.frames) {
      for (a, b) in zip(read, frame.bytes) {
        largest = max(largest, abs(Int(a) - Int(b)))
        sum += abs(Int(a) - Int(b))
      }
    }
    let mean = Double(sum) / Double(5 * 64 * 48 * 3)
    #expect(largest <= 32 && mean < 6, "\(largest) \(mean)")
    // The page is white, and dots do not dance where nothing moves.
    for frame in gif.frames {
      #expect(frame[..<(64 * 3 * 8)].allSatisfy { $0 == 255 })
      for y in 8..<48 {
        #expect(frame[(y * 64 + 8) * 3..<(y * 64 + 32) * 3] == gif.frames[0][(y * 64 + 8) * 3..<(y * 64 + 32) * 3])
      }
    }
  }

  @Test("At most 256 colours are exact as GIF", arguments: [1, 2, 3, 4, 5, 16, 17, 200, 256])
  func palettes(count: Int) throws {
    let pixels = (0..<3).map { frame in
      (0..<900).map { place in place < count ? place : Int(Self.noise(place * 7 + frame)) % count }
    }
    let frames = pixels.map { frame in
      Bitmap(width: 30, height: 30, planes: 3, bytes: frame.flatMap { [UInt8($0), UInt8(255 - $0), UInt8($0 / 2)] })
    }
    let animation = try Animation(frames)
    #expect(try #require(ReadAnimation(gif: GIF.encode(animation))).frames == frames.map(\.bytes))
  }

  @Test(
    "Long rows of noise, of one value and of a pattern are compressed and decompressed", arguments: [2, 4, 100, 256])
  func compression(levels: Int) throws {
    let side = 200
    for kind in 0..<3 {
      let bytes = (0..<side * side).map { place -> UInt8 in
        switch kind {
        case 0: UInt8(Int(Self.noise(place)) % levels)
        case 1: 1
        default: UInt8(place % 3 % levels)
        }
      }
      let animation = try Animation([Bitmap(width: side, height: side, planes: 1, bytes: bytes)])
      let read = try #require(ReadAnimation(gif: GIF.encode(animation)))
      #expect(read.frames[0] == animation.frames[0].colored.bytes)
      #expect(read.plays == nil, "a single frame is no animation")
    }
  }

  @Test("Equal animations give equal bytes, and frames that do not change are kept")
  func deterministic() throws {
    let frames = [0, 0, 4, 4, 0].map(Self.colored), animation = try Animation(frames)
    #expect(try GIF.encode(animation) == GIF.encode(Animation(frames)))
    #expect(try PNG.encode(animation) == PNG.encode(Animation(frames)))
    let read = try check(ReadAnimation(png: PNG.encode(animation)), animation)
    #expect(read.frames == frames.map(\.bytes))
    #expect(read.sizes[1] == 1 && read.sizes[3] == 1)
    #expect(try #require(ReadAnimation(gif: GIF.encode(animation))).frames.count == 5)
  }

  @Test("Notes stand in both files, and programs that know nothing of animations see the first frame")
  func notes() throws {
    let animation = try Animation([Self.grey(0), Self.grey(1)])
    let png = try PNG.encode(animation, text: [("Title", "moves")])
    #expect(try PNG.decode(png).bitmap == Self.grey(0))
    #expect(try PNG.decode(png).text.map(\.value) == ["moves"])
    #expect(ReadAnimation(png: png)?.comments == ["Title:moves"])
    let long = String(repeating: "β-VAE ", count: 100)
    #expect(
      try ReadAnimation(gif: GIF.encode(animation, comments: ["Title: moves", "", long]))?.comments == [
        "Title: moves", long,
      ])
    // One frame is a picture like any other.
    #expect(try PNG.encode(Animation([Self.grey(0)])) == PNG.encode(Self.grey(0)))
  }

  @Test("What cannot be an animation is told")
  func mistakes() {
    func message(_ frames: [Bitmap], rate: Double = 10) -> String? {
      do throws(AnimationError) { _ = try Animation(frames, rate: rate) } catch { return error.description }
      return nil
    }
    let small = Bitmap(width: 3, height: 2, planes: 1)
    #expect(message([]) == "there are no frames")
    #expect(
      message([small, Bitmap(width: 4, height: 2, planes: 1)])
        == "the frames of an animation have one size: the first has 3×2 pixels, number 1 has 4×2")
    #expect(
      message([Bitmap](repeating: small, count: 1001))
        == "1001 frames are more than the 1000 that an animation may have")
    #expect(message([small], rate: 0) == "the frames a second are from 0.1 to 50.0, not 0.0")
    let large = Bitmap(width: 2048, height: 2048, planes: 1)
    #expect(
      message([Bitmap](repeating: large, count: 33))
        == "33 frames of 2048×2048 pixels are more than the limit of 134 million pixels")
  }
}
