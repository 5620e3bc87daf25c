import BVAEPlatform

extension PNG {
  /// An animated PNG file (APNG, part of PNG's third edition, W3C 2025), which plays for ever; programs that know nothing of
  /// animations show its first frame. Equal input gives equal bytes.
  ///
  /// The frames are those that `encode` of a bitmap writes. The chunk acTL counts them, fcTL tells place and time of each, the
  /// pixels of the first stand in IDAT as ever, those of the others in fdAT, which is IDAT with a number in front. Of each
  /// frame only what differs from the one before is stored.
  /// - Throws: `FileProblem`; see `encode(_:text:)`.
  public static func encode(
    _ animation: Animation, text: [(key: String, value: String)] = []
  ) throws(FileProblem) -> [UInt8] {
    let changes = animation.changes
    let still = try encode(changes[0].part, text: text)
    guard changes.count > 1 else { return still }
    let chunks = try PNGChunks(still)
    var file = PNGChunks.signature
    var sequence = 0
    func number(_ value: Int, _ bytes: Int = 4) -> [UInt8] {
      (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    func control(_ change: (x: Int, y: Int, part: Bitmap)) {
      // Frame after frame: what is there stays (dispose 0), and the new pixels take its place (blend 0).
      let numbers = [sequence, change.part.width, change.part.height, change.x, change.y].flatMap { number($0) }
      file += PNGChunks.chunk(
        type: "fcTL", data: numbers + number(animation.delay, 2) + number(100, 2) + [0, 0])
      sequence += 1
    }
    for chunk in chunks {
      if chunk.type == "IDAT", sequence == 0 { control(changes[0]) }
      if chunk.type == "IEND" {
        for change in changes.dropFirst() {
          control(change)
          let frame = try PNGChunks(encode(change.part))
          for chunk in frame where chunk.type == "IDAT" {
            file += PNGChunks.chunk(type: "fdAT", data: number(sequence) + frame.bytes[chunk.data])
            sequence += 1
          }
        }
      }
      file += chunks.bytes[chunk.data.lowerBound - 8..<chunk.data.upperBound + 4]
      // Played 0 times is for ever.
      if chunk.type == "IHDR" { file += PNGChunks.chunk(type: "acTL", data: number(changes.count) + number(0)) }
    }
    return file
  }
}
