import BVAEDatasets
import BVAEPlatform
import Testing

struct GzipTests {
  private let text = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }

  @Test("data are inflated, whatever their size")
  func roundTrip() throws {
    for count in [0, 1, 1000, text.count] {
      let part = Array(text.prefix(count))
      #expect(try Gzip.inflate(Make.gzip(part), limit: count) == part)
    }
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    #expect(try Gzip.inflate(Make.gzip(zeros), limit: 1 << 21) == zeros)
  }

  @Test("several members are one text, and zero bytes may pad the end")
  func members() throws {
    let packed = Make.gzip([1, 2]) + Make.gzip([]) + Make.gzip([3]) + [0, 0, 0]
    #expect(try Gzip.inflate(packed, limit: 3) == [1, 2, 3])
  }

  @Test("more than the limit is refused", arguments: [0, 1, 199_999])
  func limit(limit: Int) {
    #expect(
      error { _ = try Gzip.inflate(Make.gzip(text), limit: limit) }
        == "inflated it is larger than the \(limit.grouped) bytes that are accepted here")
  }

  @Test("what is cut off anywhere is called incomplete")
  func truncated() {
    let packed = Make.gzip(Array("a handwritten digit".utf8))
    for count in 2..<packed.count {
      #expect(
        error { _ = try Gzip.inflate(Array(packed.prefix(count)), limit: 1000) }
          == "the gzip data end too early, after \(count) bytes; the file is incomplete, fetch it again")
    }
    for count in 0..<2 {
      #expect(
        error { _ = try Gzip.inflate(Array(packed.prefix(count)), limit: 1000) }
          == "it does not begin with 1F 8B, as gzip data do")
    }
    // A second member that is cut off.
    #expect {
      try Gzip.inflate(packed + packed.prefix(9), limit: 1000)
    } throws: {
      ($0 as? FileProblem)?.isCutOff == true && "\($0)".contains("after \(packed.count + 9) bytes")
    }
  }

  @Test("a changed byte never passes unnoticed, save in the header's time, level and system")
  func corrupt() {
    let original = Array("a handwritten digit, a handwritten digit".utf8)
    let packed = Make.gzip(original)
    for place in packed.indices where !(4...9).contains(place) {
      for bit in 0..<8 {
        var damaged = packed
        damaged[place] ^= 1 << bit
        let result = try? Gzip.inflate(damaged, limit: 1000)
        // Flags may announce text or a name, which change nothing in what is inflated.
        #expect(result == nil || result == original)
      }
    }
    var damaged = packed
    damaged[packed.count - 5] ^= 1
    #expect(
      error { _ = try Gzip.inflate(damaged, limit: 1000) }
        == "the gzip data are damaged near byte \(packed.count - 4) (incorrect data check); fetch the file again")
  }

  @Test("what follows the data is reported")
  func trailing() {
    let packed = Make.gzip([1])
    #expect(
      error { _ = try Gzip.inflate(packed + [0, 7], limit: 10) }
        == "2 bytes that are not gzip data follow from byte \(packed.count) on")
    #expect(
      error { _ = try Gzip.inflate(packed + [0x1F], limit: 10) }
        == "1 byte that is not gzip data follow from byte \(packed.count) on")
  }
}
