import BVAEDevice

/// What a kernel does with a sum before it writes it: `Finish` of gpu-common.cl.
struct Finish {
  private enum Mode: UInt32 {
    case store, add, activate, gate, step
  }

  private let mode: Mode
  private var columns = 0, slope: Float = 1
  private var update: AdamUpdate?

  private init(_ mode: Mode) { self.mode = mode }

  static let store = Finish(.store), add = Finish(.add)

  /// A bias for each column is added, and a rectifier follows.
  static func activate(columns: Int, slope: Float) -> Finish {
    var finish = Finish(.activate)
    (finish.columns, finish.slope) = (columns, slope)
    return finish
  }

  /// The derivative of the rectifier that made the values beside it; nil for none.
  static func gate(_ slope: Float?) -> Finish {
    guard let slope else { return store }
    var finish = Finish(.gate)
    finish.slope = slope
    return finish
  }

  static func step(_ update: AdamUpdate) -> Finish {
    var finish = Finish(.step)
    finish.update = update
    return finish
  }

  /// The structure's words.
  var words: [UInt32] {
    let numbers: [Float] = [
      slope, update?.rate ?? 0, update?.secondCorrection ?? 0, update?.beta1 ?? 0, update?.beta2 ?? 0,
      update?.epsilon ?? 0,
    ]
    return [mode.rawValue, UInt32(columns)] + numbers.map(\.bitPattern)
  }
}

extension GradientUse {
  /// What a kernel does with a gradient, and where; nil where it is not wanted.
  func parts(_ values: any Buffer) -> (finish: Finish, target: any Buffer, moments: Moments?)? {
    switch self {
    case .none: nil
    case .store(let buffer): (.store, buffer, nil)
    case .add(let buffer): (.add, buffer, nil)
    case .step(let update, let moments): (.step(update), values, moments)
    }
  }
}

/// How sums over places for each channel are cut: a group takes `span` channels and `block` places.
struct PlaceBlocks {
  let span: Int, block: Int, blocks: Int
  private let columns: Int

  /// What is added up by one item for each channel in the end.
  private static let mostBlocks = 64

  init(places: Int, channels: Int, on device: GPUDevice) {
    var span = 1
    while span < min(channels, device.groupSize) { span *= 2 }
    // Places that are read at once, and at least so often.
    let lanes = device.groupSize / span, least = lanes * 8
    block = max(least, (places + Self.mostBlocks - 1) / Self.mostBlocks)
    blocks = max(1, (places + block - 1) / block)
    columns = (channels + span - 1) / span
    self.span = span
  }

  var groups: (Int, Int) { (columns, blocks) }
}

/// Division by a number as a multiplication: `Divisor` of gpu-common.cl.
struct Divisor {
  let words: [UInt32]

  init(_ number: Int) {
    precondition(number > 0 && number < 1 << 31)
    let number = UInt64(number)
    var shift: UInt64 = 0
    while 1 << shift < number { shift += 1 }
    let factor = (1 << 32) * ((1 << shift) - number) / number + 1
    words = [UInt32(truncatingIfNeeded: factor), UInt32(shift)]
  }
}
