extension Table {
  /// The table as comma-separated values (RFC 4180): a line of heads, then the rows, each ended by CR LF. Numbers are
  /// written with all their digits, as `NaN`, `Inf` and `-Inf` where they are none; the note is left out.
  public var csv: String {
    let body = rows.map { row in
      columns.indices.map { row.indices.contains($0) ? Table.value(row[$0]) : "" }
    }
    // A line with a single empty field would be an empty line, which readers skip.
    func line(_ fields: [String]) -> String {
      fields == [""] ? "\"\"\r\n" : fields.map(Table.field).joined(separator: ",") + "\r\n"
    }
    return ([columns.map(\.title)] + body).map(line).joined()
  }

  private static func value(_ cell: Cell) -> String {
    switch cell {
    case .empty: return ""
    case .text(let text): return text
    case .number(let value):
      if value.isNaN { return "NaN" }
      if value.isInfinite { return value < 0 ? "-Inf" : "Inf" }
      return Int(exactly: value).map(String.init) ?? value.description
    }
  }

  private static func field(_ text: String) -> String {
    let special = text.utf8.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0D, 0x0A].contains($0) }
    return special
      ? "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : text
  }
}
