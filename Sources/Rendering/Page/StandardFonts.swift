/// The fonts that every reader of PDF has and no file holds: Helvetica and Helvetica-Bold in Windows' encoding of Western
/// European letters, and Symbol with Greek letters and mathematics.
enum StandardFonts {
  /// One of them, by its place among a page's fonts.
  enum Face: Int, CaseIterable, Hashable {
    case regular, bold, symbol

    var name: String {
      switch self {
      case .regular: "Helvetica"
      case .bold: "Helvetica-Bold"
      case .symbol: "Symbol"
      }
    }
  }

  /// A letter as a font draws it: its code there, its advance in thousandths of the size.
  struct Letter {
    let face: Face
    let code: UInt8
    let advance: Int
    /// Raised (1) or lowered (−1) and small.
    var shift = 0
    /// The accent that is drawn over it, for which these fonts have no letter of its own.
    var accent: UInt8?
    /// Whether another letter stands in for one that these fonts lack.
    var isStandIn = false

    /// How large it is drawn.
    var scale: Double { shift == 0 ? 1 : 0.62 }
    /// How far it goes on, in thousandths of the size.
    var width: Double { Double(advance) * scale }
  }

  /// The letters of a text. Line breaks and tabs are blanks; joiners and selectors, which no font draws, are left out.
  static func letters(_ text: String, bold: Bool) -> [Letter] {
    let face = bold ? Face.bold : .regular
    return text.compactMap { character in
      if character.isWhitespace { return plain(32, face) }
      if let code = western[character] { return plain(code, face) }
      if let letter = symbols[character] { return Letter(face: .symbol, code: letter.code, advance: letter.advance) }
      if let (code, shift) = shifted[character] {
        var letter = plain(code, face)
        letter.shift = shift
        return letter
      }
      let scalars = Array(character.unicodeScalars)
      if scalars.allSatisfy({ [.format, .control].contains($0.properties.generalCategory) }) { return nil }
      var letter = plain(UInt8(ascii: "?"), face)
      letter.isStandIn = true
      if let base = scalars.first, let code = western[Character(base)], scalars.count > 1 {
        letter = plain(code, face)
        letter.accent = scalars.count == 2 ? accents[scalars[1]] : nil
        letter.isStandIn = letter.accent == nil
      }
      return letter
    }
  }

  /// The characters of a page that none of them has.
  static func lacking(in page: Page) -> [Character] {
    page.texts.reduce(into: []) { found, text in
      for character in text.text
      where letters(String(character), bold: false).contains(where: \.isStandIn) && !found.contains(character) {
        found.append(character)
      }
    }
  }

  /// What a code of a font stands for; nil for none.
  static func character(_ code: UInt8, of face: Face) -> Character? {
    face == .symbol ? symbolCharacters[code] : westernCharacters[code]
  }

  private static func plain(_ code: UInt8, _ face: Face) -> Letter {
    Letter(face: face, code: code, advance: advance(of: code, face))
  }

  static func advance(of code: UInt8, _ face: Face) -> Int {
    (face == .bold ? boldWidths : regularWidths)[max(0, Int(code) - 32)]
  }

  // MARK: - Encodings

  /// Windows-1252; where several codes look alike the one that means the character.
  private static let western: [Character: UInt8] = {
    var codes: [Character: UInt8] = [:]
    for code in [UInt8](32...126) + [UInt8](161...255) where code != 173 {
      codes[Character(Unicode.Scalar(code))] = code
    }
    for (offset, character) in "€\u{FFFF}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFF}Ž\u{FFFF}\u{FFFF}‘’“”•–—˜™š›œ\u{FFFF}žŸ".enumerated()
    where character != "\u{FFFF}" {
      codes[character] = UInt8(128 + offset)
    }
    return codes
  }()

  private static let westernCharacters = Dictionary(uniqueKeysWithValues: western.map { ($1, $0) })

  private static let accents: [Unicode.Scalar: UInt8] = [
    "\u{300}": 96, "\u{301}": 180, "\u{302}": 136, "\u{303}": 152, "\u{304}": 175, "\u{308}": 168,
  ]

  private static let shifted: [Character: (code: UInt8, shift: Int)] = {
    var found: [Character: (code: UInt8, shift: Int)] = [:]
    for (letters, shift) in [("⁰¹²³⁴⁵⁶⁷⁸⁹", 1), ("₀₁₂₃₄₅₆₇₈₉", -1)] {
      for (digit, letter) in letters.enumerated() { found[letter] = (UInt8(48 + digit), shift) }
    }
    for (letter, code, shift): (Character, Character, Int) in [
      ("⁺", "+", 1), ("⁻", "–", 1), ("ⁿ", "n", 1), ("₊", "+", -1), ("₋", "–", -1),
    ] {
      found[letter] = (western[code] ?? 63, shift)
    }
    return found
  }()

  private static let symbols: [Character: (code: UInt8, advance: Int)] = {
    var found: [Character: (code: UInt8, advance: Int)] = [:]
    for entry in symbolTable.split(whereSeparator: \.isWhitespace) {
      let parts = entry.dropFirst().split(separator: ":")
      if let letter = entry.first, parts.count == 2, let code = UInt8(parts[0], radix: 16), let width = Int(parts[1]) {
        found[letter] = (code, width)
      }
    }
    return found
  }()

  private static let symbolCharacters = Dictionary(uniqueKeysWithValues: symbols.map { ($1.code, $0) })

  /// Character, code in Symbol, advance: from the metrics of Adobe's core fonts.
  private static let symbolTable = """
    Α41:722 Β42:667 Χ43:722 Δ44:612 Ε45:611 Φ46:763 Γ47:603 Η48:722 Ι49:333 ϑ4A:631 Κ4B:722 Λ4C:686 Μ4D:889 Ν4E:722
    Ο4F:722 Π50:768 Θ51:741 Ρ52:556 Σ53:592 Τ54:611 Υ55:690 ς56:439 Ω57:768 Ξ58:645 Ψ59:795 Ζ5A:611 α61:631 β62:549
    χ63:549 δ64:494 ε65:439 φ66:521 γ67:411 η68:603 ι69:329 ϕ6A:603 κ6B:549 λ6C:549 μ6D:576 ν6E:521 ο6F:549 π70:549
    θ71:521 ρ72:549 σ73:603 τ74:439 υ75:576 ϖ76:713 ω77:686 ξ78:493 ψ79:686 ζ7A:494 ∀22:713 ∃24:549 ∋27:439 ∗2A:500
    −2D:549 ≅40:549 ∴5C:863 ⊥5E:658 ∼7E:549 ′A2:247 ≤A3:549 ⁄A4:167 ∞A5:713 ♣A7:753 ♦A8:753 ♥A9:753 ♠AA:753 ↔AB:1042
    ←AC:987 ↑AD:603 →AE:987 ↓AF:603 ″B2:411 ≥B3:549 ∝B5:713 ∂B6:494 ≠B9:549 ≡BA:549 ≈BB:549 ↵BF:658 ℵC0:823 ⊗C4:768
    ⊕C5:768 ∅C6:823 ∩C7:768 ∪C8:768 ⊃C9:713 ⊇CA:713 ⊄CB:713 ⊂CC:713 ⊆CD:713 ∈CE:713 ∉CF:713 ∠D0:768 ∇D1:713 ∏D5:823
    √D6:549 ⋅D7:250 ∧D9:603 ∨DA:603 ⇔DB:1042 ⇐DC:987 ⇑DD:603 ⇒DE:987 ⇓DF:603 ◊E0:494 ∑E5:713 ∫F2:274
    """

  // The advances of codes 32…255, from the same metrics.
  private static let regularWidths: [Int] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556,
    833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500,
    556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500,
    334, 260, 334, 584, 0, 556, 0, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 0, 611, 0, 0, 222, 222,
    333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 0, 500, 667, 278, 333, 556, 556, 556, 556, 260, 556, 333, 737,
    370, 556, 584, 333, 737, 333, 400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611, 667,
    667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778,
    584, 778, 722, 722, 722, 722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278,
    278, 278, 556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
  ]
  private static let boldWidths: [Int] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611,
    556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389,
    280, 389, 584, 0, 556, 0, 278, 556, 500, 1000, 556, 556, 333, 1000, 667, 333, 1000, 0, 611, 0, 0, 278, 278, 500,
    500, 350, 556, 1000, 333, 1000, 556, 333, 944, 0, 500, 667, 278, 333, 556, 556, 556, 556, 280, 556, 333, 737, 370,
    556, 584, 333, 737, 333, 400, 584, 333, 333, 333, 611, 556, 278, 333, 333, 365, 556, 834, 834, 834, 611, 722, 722,
    722, 722, 722, 722, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584,
    778, 722, 722, 722, 722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 556, 556, 556, 556, 556, 278, 278, 278,
    278, 611, 611, 611, 611, 611, 611, 611, 584, 611, 611, 611, 611, 611, 556, 611, 556,
  ]
}
