import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Testing

@Test("round and text give what Python's round and format give, for values of every size and for ties")
func roundingAsPython() throws {
  let fixture = try Files.readText(Path.join(Path.parent(#filePath), "Golden/rounding.txt"))
  var script = "", expected: [String] = []
  for line in fixture.split(separator: "\n").dropFirst() {
    let parts = line.split(separator: " ").map(String.init)
    script += "print round(\(parts[0]), \(parts[1])) == \(parts[2]), text(\(parts[0]), \(parts[1]))\n"
    expected.append("true \(parts[3])")
  }
  #expect(expected.count > 400)
  let shown = run(script).split(separator: "\n").map(String.init)
  #expect(shown.count == expected.count)
  for (index, pair) in zip(shown, expected).enumerated() where pair.0 != pair.1 {
    Issue.record("\(fixture.split(separator: "\n")[index + 1]): \(pair.0)")
  }
}

@Test("round and text agree for a great many random numbers")
func roundingAgrees() {
  var generator = SystemRandomNumberGenerator()
  for _ in 0..<300 {
    let value = Double.random(in: -1000...1000, using: &generator), decimals = Int.random(in: 0...12, using: &generator)
    #expect(
      run("x = \(value)\nprint round(x, \(decimals)) == number(text(x, \(decimals)))") == "true",
      "\(value), \(decimals)")
  }
}

@Test("numbers that differ are printed differently, and each is read back as itself")
func numbersReadBack() {
  var generator = SystemRandomNumberGenerator()
  for _ in 0..<300 {
    let value = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
    guard value.isFinite, Double(Float(value)) != value else { continue }
    let shown = run("x = number(\"\(value)\")\nprint x")
    #expect(Double(shown) == value, "\(value) is printed as \(shown)")
  }
}

@Test("values of images and codes, which are float32, are printed with the nine digits that tell them apart")
func floatsArePrintedShort() {
  let value = Double(Float(0.1))
  #expect(run("x = number(\"\(value)\")\nprint x, x == 0.1, 0.5, 0.25 + 0.125") == "0.100000001 false 0.5 0.375")
}
