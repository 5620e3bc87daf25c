import BVAELanguage

extension Invocation {
  /// The value of `seed`, else the session's.
  func seed(_ session: Session) throws -> UInt64 { UInt64(max(0, try integerIfAny("seed") ?? session.seed)) }

  /// A number as the kernels compute with it.
  /// - Throws: `ScriptFailure` at the value where it is too large or too close to 0 for 32 bits.
  func float(_ name: String) throws -> Float {
    let number = try number(name)
    return try Self.float(number) ?? { throw failure(name, Self.complaint(number)) }()
  }

  /// A number as the kernels compute with it, if one was given.
  func floatIfAny(_ name: String) throws -> Float? { try numberIfAny(name) == nil ? nil : float(name) }

  /// Numbers as the kernels compute with them.
  func floats(_ name: String, _ numbers: [Double]) throws -> [Float] {
    try numbers.map { number in
      guard let float = Self.float(number) else { throw failure(name, Self.complaint(number)) }
      return float
    }
  }

  private static func float(_ number: Double) -> Float? {
    let float = Float(number)
    return float.isFinite && (float != 0 || number == 0) ? float : nil
  }

  private static func complaint(_ number: Double) -> String {
    "\(number.scriptText) is beyond what is computed with: numbers from about 1e-38 to 1e38, of either sign, and 0"
  }
}
