import BVAEDatasets
import Testing

struct SelectionTests {
  private let labels: [UInt8] = [1, 7, 1, 3, 7, 1, 1, 3]

  private func places(_ selection: Selection) throws -> [Int] {
    try selection.places(among: labels.count, labels: labels)
  }

  private func mistake(_ selection: Selection, labelled: Bool = true) -> String? {
    error { _ = try selection.places(among: labels.count, labels: labelled ? labels : nil) }
  }

  @Test("without a wish everything comes in file order")
  func everything() throws {
    #expect(try places(Selection()) == Array(0..<8))
    #expect(try Selection(count: 2, skip: 1).places(among: 5, labels: nil) == [1, 2])
  }

  @Test("digits, count and skip choose from what matches, in file order")
  func count() throws {
    #expect(try places(Selection(digits: [1])) == [0, 2, 5, 6])
    #expect(try places(Selection(digits: [7, 1, 7])) == [0, 1, 2, 4, 5, 6])
    #expect(try places(Selection(digits: [1], count: 2)) == [0, 2])
    #expect(try places(Selection(digits: [1], count: 2, skip: 1)) == [2, 5])
    #expect(try places(Selection(digits: [1], skip: 3)) == [6])
    #expect(try places(Selection(count: 3)) == [0, 1, 2])
  }

  @Test("each takes the first of every digit, kept in file order, and skips of every digit")
  func each() throws {
    #expect(try places(Selection(each: 1)) == [0, 1, 3])
    #expect(try places(Selection(each: 2)) == [0, 1, 2, 3, 4, 7])
    #expect(try places(Selection(digits: [7, 1], each: 1)) == [0, 1])
    #expect(try places(Selection(each: 1, skip: 1)) == [2, 4, 7])
  }

  @Test("more than there is says how many there are")
  func tooFew() {
    #expect(mistake(Selection(digits: [1], count: 5)) == "asked for 5 images of digit 1, but there are 4")
    #expect(
      mistake(Selection(digits: [1], count: 2, skip: 3))
        == "asked for 2 images of digit 1 after the first 3, but there are 4")
    #expect(
      mistake(Selection(digits: [1], skip: 4)) == "asked for the images of digit 1 after the first 4, but there are 4")
    #expect(mistake(Selection(digits: [5])) == "asked for the images of digit 5, but there are none")
    #expect(
      mistake(Selection(digits: [5, 0, 9], count: 1)) == "asked for 1 image of digits 0, 5 and 9, but there are none")
    #expect(mistake(Selection(count: 60_000)) == "asked for 60,000 images, but there are 8")
    #expect(mistake(Selection(each: 3)) == "asked for 3 images of digit 3, but there are 2")
    #expect(mistake(Selection(digits: [1, 2], each: 1)) == "asked for 1 image of digit 2, but there are none")
    #expect(mistake(Selection(each: 2, skip: 1)) == "asked for 2 images of digit 3 after the first 1, but there are 2")
    #expect(mistake(Selection(count: 4_294_967_295, skip: 4_294_967_295)) != nil)
  }

  @Test("wishes without sense say what was expected")
  func nonsense() {
    #expect(
      mistake(Selection(digits: [])) == "'digits' is an empty list; expected at least one of 0 to 9, or another label")
    #expect(mistake(Selection(digits: [3, 256])) == "'digits' has 256; expected 0 to 9, or labels up to 255")
    #expect(mistake(Selection(digits: [-1])) == "'digits' has -1; expected 0 to 9, or labels up to 255")
    #expect(mistake(Selection(count: 0)) == "'count' is 0; expected a whole number from 1 to 4,294,967,295")
    #expect(mistake(Selection(each: -1)) == "'each' is -1; expected a whole number from 1 to 4,294,967,295")
    #expect(mistake(Selection(skip: -1)) == "'skip' is -1; expected a whole number from 0 to 4,294,967,295")
    #expect(mistake(Selection(count: .max, skip: .max)) != nil)
    #expect(
      mistake(Selection(count: 1, each: 1))
        == "'count' and 'each' cannot be used together; 'each' is the number of every digit")
    #expect(mistake(Selection(digits: [1]), labelled: false) == "'digits' needs labels, and these images have none")
    #expect(mistake(Selection(each: 1), labelled: false) == "'each' needs labels, and these images have none")
  }

  @Test("a seed stands for one order, for good")
  func shuffle() throws {
    let order = try places(Selection(shuffle: 7))
    #expect(order.sorted() == Array(0..<8))
    #expect(order.sorted() == [Int](0..<8) && order != [Int](0..<8))
    #expect(try places(Selection(shuffle: 7)) == order)
    #expect(try places(Selection(shuffle: 8)) != order)
  }

  @Test("a shuffled selection and the one that skips it share nothing")
  func validation() throws {
    let all = try places(Selection(digits: [1], shuffle: 3))
    #expect(try places(Selection(digits: [1], count: 3, shuffle: 3)) == Array(all.prefix(3)))
    #expect(try places(Selection(digits: [1], skip: 3, shuffle: 3)) == Array(all.suffix(1)))
    let each = try places(Selection(each: 1, shuffle: 3)), rest = try places(Selection(each: 1, skip: 1, shuffle: 3))
    #expect(Set(each).isDisjoint(with: rest) && Set(each.map { labels[$0] }) == [1, 3, 7])
  }
}
