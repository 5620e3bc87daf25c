import Platform
import Reporting
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

  @Test("columns of text are cut where the terminal is narrow", arguments: [50, 20])
  func narrow(width: Int) throws {
    let text = table.text(width: width)
    try expectGolden(text, "table-\(width).txt")
    if width == 50 { #expect(text.split(separator: "\n").allSatisfy { $0.displayWidth <= width }) }
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

  @Test("numbers are written as their column says")
  func numbers() {
    func text(_ value: Double, _ format: Table.Format) -> String {
      Table(columns: [.number("x", format)], rows: [[.number(value)]]).text(row: 0, column: 0)
    }
    #expect(text(1234.5678, .decimals(1)) == "1234.6" && text(1234.5678, .digits(3)) == "1.23e+03")
    #expect(text(-0.001, .decimals(2)) == "0.00" && text(2000, .decimals(0)) == "2000")
    #expect(text(1e308, .decimals(3)) == "1e+308" && text(-1.25e15, .decimals(0)) == "-1.25e+15")
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
