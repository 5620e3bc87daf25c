import BVAEKernelInterface

extension Build {
  /// The largest value of a square, NaN before all numbers.
  @inline(__always)
  private static func largest(_ row: SquareRow, _ first: UnsafePointer<Float>) -> Vector {
    var value = load(first), down = 0
    while down < row.side {
      var across = 0
      while across < row.side {
        let next = load(first + (down &* row.squareStride &+ across &* row.channels))
        value = value.replacing(with: next, where: (next .> value) .| (next .!= next))
        across &+= 1
      }
      down &+= 1
    }
    return value
  }

  /// The largest value of each square of a row of squares, through a rectifier.
  public static func pool(_ row: SquareRow) {
    var column = 0, result = row.result
    while column < row.columns {
      let square = row.squares + column &* row.side &* row.channels
      var channel = 0
      while channel < row.channels {
        var value = largest(row, square + channel)
        if row.slope != 1 { value = value.replacing(with: value * row.slope, where: value .<= Vector()) }
        store(value, result)
        result += panelWidth
        channel &+= panelWidth
      }
      column &+= 1
    }
  }

  /// A row of gradients to the first largest value of each square, and zeros to the others.
  public static func poolGradient(_ row: SquareRow) {
    var column = 0, gradients = row.places
    while column < row.columns {
      let start = column &* row.side &* row.channels
      var channel = 0
      while channel < row.channels {
        let square = row.squares + (start &+ channel), target = row.result + (start &+ channel)
        let value = largest(row, square)
        var gradient = load(gradients), down = 0
        if row.slope != 1 { gradient = gradient.replacing(with: gradient * row.slope, where: value .<= Vector()) }
        while down < row.side {
          var across = 0
          while across < row.side {
            let isLargest = load(square + (down &* row.squareStride &+ across &* row.channels)) .== value
            store(
              Vector().replacing(with: gradient, where: isLargest),
              target + (down &* row.resultStride &+ across &* row.channels))
            gradient = gradient.replacing(with: Vector(), where: isLargest)
            across &+= 1
          }
          down &+= 1
        }
        gradients += panelWidth
        channel &+= panelWidth
      }
      column &+= 1
    }
  }

  /// A row of places to a row of squares.
  public static func repeatSquares(_ row: SquareRow) {
    var column = 0, places = row.places
    while column < row.columns {
      let start = column &* row.side &* row.channels
      var channel = 0
      while channel < row.channels {
        let value = load(places)
        var down = 0
        while down < row.side {
          var across = 0
          while across < row.side {
            store(value, row.result + (start &+ channel &+ down &* row.resultStride &+ across &* row.channels))
            across &+= 1
          }
          down &+= 1
        }
        places += panelWidth
        channel &+= panelWidth
      }
      column &+= 1
    }
  }

  /// The sums of each square's gradients to a row of places, through the derivative of the rectifier that made these.
  public static func sumSquareGradients(_ row: SquareRow) {
    var column = 0, offset = 0
    while column < row.columns {
      let start = column &* row.side &* row.channels
      var channel = 0
      while channel < row.channels {
        var sum = Vector(), down = 0
        while down < row.side {
          var across = 0
          while across < row.side {
            sum += load(row.squares + (start &+ channel &+ down &* row.squareStride &+ across &* row.channels))
            across &+= 1
          }
          down &+= 1
        }
        if row.slope != 1 { sum = sum.replacing(with: sum * row.slope, where: load(row.places + offset) .<= Vector()) }
        store(sum, row.result + offset)
        offset &+= panelWidth
        channel &+= panelWidth
      }
      column &+= 1
    }
  }
}
