import BVAEPlatform
import BVAEReporting
import Testing

struct TableTests {
  private let table = Table(
    columns: [
      Table.Column("latent"), .number("KL", unit: "nats", .decimals(2)), Table.Column("Größe", alignment: .center),
      Table.Column("what it changes"),
    ],
    rows: [
      ["Z0", 1.256, "漢字", "slant, a \"lean\" to the right"], ["Z11", .number(.nan), "🙂", "size\r\nand ink"],
      ["Z2", .number(.infinity), "x", .empty], ["Z3", 3],
    ],
    note: "Two decimals.")

  @Test("in a terminal, aligned by how wide characters are")
  func text() throws { try expectGolden(table.text(), "table.txt") }

  @Test("cells of text are broken at words where the terminal is narrow; where that is not enough rows become blocks")
  func narrow() {
    #expect(
      table.text(width: 50) == """
        latent  KL (nats)  Größe  what it changes
        ──────  ─────────  ─────  ────────────────────────
        Z0           1.26  漢字   slant, a "lean" to the
                                  right
        Z11             —   🙂    size and ink
        Z2              ∞    x
        Z3           3.00
        Two decimals.

        """)
    #expect(
      table.text(width: 30) == """
        latent           Z0
        KL (nats)        1.26
        Größe            漢字
        what it changes  slant, a
                         "lean" to the
                         right

        latent           Z11
        KL (nats)        —
        Größe            🙂
        what it changes  size and ink

        latent           Z2
        KL (nats)        ∞
        Größe            x

        latent           Z3
        KL (nats)        3.00
        Two decimals.

        """)
  }

  @Test("no line is wider than the terminal, and no word is lost", arguments: [12, 20, 25, 31, 42, 47, 60, 100])
  func fits(width: Int) {
    let text = table.text(width: width)
    #expect(text.split(separator: "\n").allSatisfy { $0.displayWidth <= width }, "\(text)")
    let letters = { (text: String) in text.filter { $0 != " " && $0 != "\n" && $0 != "─" }.sorted() }
    let isInColumns = text.contains("─")
    if isInColumns { #expect(letters(text) == letters(table.text())) }
  }

  @Test("as comma-separated values, with every digit")
  func csv() {
    #expect(
      table.csv
        == "latent,KL (nats),Größe,what it changes\r\nZ0,1.256,漢字,\"slant, a \"\"lean\"\" to the right\"\r\n"
        + "Z11,NaN,🙂,\"size\r\nand ink\"\r\nZ2,Inf,x,\r\nZ3,3,,\r\n")
    #expect(Table(columns: [Table.Column("a")], rows: [[.empty], [-0.1]]).csv == "a\r\n\"\"\r\n-0.1\r\n")
    #expect(
      Table(columns: [Table.Column("a")], rows: [[.number(-.infinity)], [.number(1e300)]]).csv
        == "a\r\n-Inf\r\n1e+300\r\n")
  }

  @Test(
    "text that a spreadsheet would take for a formula is defused, and read back as it was",
    arguments: [
      ("=1+1", "'=1+1"), ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""), ("+a", "'+a"),
      ("-a", "'-a"),
      ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "\"'\t=1\""), ("\r=1", "\"'\r=1\""), ("\n-1", "\"'\n-1\""), ("＝1", "'＝1"),
      ("'=1", "''=1"), ("''=1", "'''=1"), ("-", "'-"), ("- 3", "'- 3"), ("-0x10", "'-0x10"), ("-inf", "'-inf"),
      ("a=1", "a=1"), ("'quoted'", "'quoted'"), ("'", "'"), ("a;=1+1", "\"a;=1+1\""), ("−3", "−3"), ("", ""),
    ])
  func formulas(text: String, written: String) throws {
    let table = Table(columns: [Table.Column(text), Table.Column("b")], rows: [[.text(text), "x"]])
    #expect(table.csv == "\(written),b\r\n\(written),x\r\n")
    let read = try Table(csv: table.csv)
    #expect(read.columns.map(\.name) == [text, "b"])
    #expect(read.rows == [[text.isEmpty ? .empty : .text(text), "x"]])
  }

  @Test("numbers stay numbers, in text too")
  func numbersInCSV() throws {
    let table = Table(
      columns: [.number("n"), Table.Column("t")],
      rows: [[-0.1, "-3.5"], [.number(-.infinity), "+1e-3"], [2, .empty]])
    #expect(table.csv == "n,t\r\n-0.1,-3.5\r\n-Inf,+1e-3\r\n2,\r\n")
    let read = try Table(csv: table.csv)
    #expect(read.rows == [[-0.1, -3.5], [.number(-.infinity), 0.001], [2, .empty]])
    #expect(read.columns.map(\.alignment) == [.right, .right])
  }

  @Test("comma-separated values of others are read, whatever their line ends, quotes and marks")
  func foreign() throws {
    let wanted = try Table(csv: "a,b\r\n1,x y\r\n,\"\"\r\n")
    for text in ["\u{FEFF}a,b\n1,x y\n,\n", "a,b\r1,x y\r,\"\"", "\"a\",\"b\"\n\n\"1\",\"x y\"\n\n\"\",\n"] {
      #expect(try Table(csv: text) == wanted, "\(text)")
    }
    #expect(wanted.rows == [[1, "x y"], [.empty, .empty]])
    #expect(try Table(csv: "a\n\"line\nbreak, \"\"q\"\"\"\n").rows == [["line\nbreak, \"q\""]])
    #expect(try Table(csv: "a\n1e999\n0x10\nNaN\n").rows[0..<2] == [["1e999"], ["0x10"]])
    #expect(throws: FileProblem("a quote begins that is never closed", at: .line(2))) {
      try Table(csv: "a,b\n\"x,1\n2,3\n")
    }
    for empty in ["", "\n\n", "\u{FEFF}"] {
      #expect(throws: FileProblem("it is empty", expected: "a table, which begins with a header line")) {
        try Table(csv: empty)
      }
    }
  }

  @Test("numbers are written as their column says")
  func numbers() {
    func text(_ value: Double, _ format: Table.Format) -> String {
      Table(columns: [.number("x", format)], rows: [[.number(value)]]).text(row: 0, column: 0)
    }
    #expect(text(1234.5678, .decimals(1)) == "1234.6" && text(1234.5678, .digits(3)) == "1.23e+03")
    #expect(text(-0.001, .decimals(2)) == "0.00" && text(2000, .decimals(0)) == "2000")
    #expect(text(1e308, .decimals(3)) == "1e+308" && text(-1.25e16, .decimals(0)) == "-1.25e+16")
    #expect(
      text(-.nan, .digits(3)) == "—" && text(.infinity, .digits(3)) == "∞" && text(-.infinity, .digits(3)) == "-∞")
  }

  @Test("rows that are too short or too long, and tables without columns, do no harm")
  func ragged() {
    let odd = Table(columns: [Table.Column("a"), Table.Column("b")], rows: [[], ["1"], ["1", "2", "3"]])
    #expect(odd.text() == "a  b\n─  ─\n\n1\n1  2\n")
    #expect(odd.csv == "a,b\r\n,\r\n1,\r\n1,2\r\n")
    #expect(odd.markdown == "| a | b |\n| :-- | :-- |\n|  |  |\n| 1 |  |\n| 1 | 2 |")
    #expect(odd.text(row: 9, column: 0) == "" && odd.text(row: 0, column: -1) == "")
    let none = Table(columns: [], rows: [["x"]])
    #expect(none.markdown == "" && none.text(width: 10) == "\n\n\n")
    #expect(!none.csv.isEmpty)
  }

  @Test(
    "a note is text, whatever it begins with",
    arguments: [
      ("# of images", "\\# of images"), ("- least", "\\- least"), ("2. place", "2\\. place"),
      ("2.5 nats", "2\\.5 nats"),
      ("    far", "far"), ("42", "42"), ("> 3", "\\> 3"), ("a - b", "a - b"), ("", ""),
    ])
  func note(text: String, markdown: String) {
    let table = Table(columns: [Table.Column("a")], note: text)
    #expect(table.markdown == "| a |\n| :-- |\n\n" + markdown)
  }
}
