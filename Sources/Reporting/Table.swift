import BVAEPlatform

/// Rows and columns of text and numbers.
package struct Table: Sendable, Equatable {
  /// Which side of a column its cells keep to.
  package enum Alignment: Sendable, Equatable {
    /// As text.
    case left
    /// In the middle.
    case center
    /// As numbers.
    case right
  }

  /// How the numbers of a column are written.
  package enum Format: Sendable, Equatable {
    /// With this many decimals, 0…60.
    case decimals(Int)
    /// With this many significant digits, 1…17.
    case digits(Int)
  }

  /// A column's head and looks.
  package struct Column: Sendable, Equatable {
    /// What it holds: `KL`.
    package var name: String
    /// The unit of its numbers: `nats`.
    package var unit: String?
    /// Which side its cells keep to.
    package var alignment: Alignment
    /// How its numbers are written.
    package var format: Format

    /// A column; numbers have four significant digits unless said otherwise.
    package init(_ name: String, unit: String? = nil, alignment: Alignment = .left, format: Format = .digits(4)) {
      self.name = name
      self.unit = unit
      self.alignment = alignment
      self.format = format
    }

    /// A column of numbers, kept to the right.
    package static func number(_ name: String, unit: String? = nil, _ format: Format = .digits(4)) -> Column {
      Column(name, unit: unit, alignment: .right, format: format)
    }

    /// `KL (nats)`
    package var title: String { unit.map { "\(name) (\($0))" } ?? name }
  }

  /// What stands in a row under a column.
  package enum Cell: Sendable, Equatable {
    /// Text, as it is.
    case text(String)
    /// A number, written as its column says.
    case number(Double)
    /// Nothing.
    case empty
  }

  /// The columns, from left to right.
  package var columns: [Column]
  /// The rows; a row that is too short is filled with empty cells, what a longer one has beyond the columns is ignored.
  package var rows: [[Cell]]
  /// A remark below the table.
  package var note: String?

  /// A table.
  package init(columns: [Column], rows: [[Cell]] = [], note: String? = nil) {
    self.columns = columns
    self.rows = rows
    self.note = note
  }

  /// The cell of a row under a column; an empty one where the row is too short.
  package func cell(_ row: Int, _ column: Int) -> Cell {
    rows[row].indices.contains(column) ? rows[row][column] : .empty
  }

  /// What a cell shows: numbers in their column's format, `—` for what is no number, `∞`.
  package func text(row: Int, column: Int) -> String {
    guard rows.indices.contains(row), columns.indices.contains(column) else { return "" }
    switch cell(row, column) {
    case .empty: return ""
    case .text(let text): return text
    case .number(let value):
      if value.isNaN { return "—" }
      if value.isInfinite { return value < 0 ? "-∞" : "∞" }
      return switch columns[column].format {
      case .decimals(let count): value.formatted(decimals: count)
      case .digits(let count): value.formatted(digits: count)
      }
    }
  }
}

extension Table.Cell: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// A cell of text.
  package init(stringLiteral value: String) { self = .text(value) }
  /// A cell of a number.
  package init(floatLiteral value: Double) { self = .number(value) }
  /// A cell of a number.
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
}
