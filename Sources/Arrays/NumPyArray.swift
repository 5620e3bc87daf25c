/// NumPy's file of one array, version 1.0 (NumPy Enhancement Proposal 1): a magic number, a header as a Python
/// dictionary, and the values.
public enum NumPyArray {
  /// A tensor as a .npy file of little-endian float32 in C order.
  public static func encoded(_ tensor: Tensor) -> [UInt8] {
    var bytes = header(type: "<f4", shape: tensor.shape)
    bytes.reserveCapacity(bytes.count + tensor.values.count * 4)
    for value in tensor.values {
      let bits = value.bitPattern
      for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    }
    return bytes
  }

  /// What stands before the values of an array in C order.
  /// - Parameter type: the type of an element as NumPy writes it, such as `<f4`.
  package static func header(type: String, shape: [Int]) -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    let prefix = 10
    header += String(repeating: " ", count: (63 - (prefix + header.utf8.count) % 64 + 64) % 64) + "\n"
    let length = [UInt8(truncatingIfNeeded: header.utf8.count), UInt8(truncatingIfNeeded: header.utf8.count >> 8)]
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + length + Array(header.utf8)
  }
}
