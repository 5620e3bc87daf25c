import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Foundation
import Testing

/// The grammar for editors against the scanner.
@Suite("The grammar for editors")
struct GrammarTests {
  static let root = Path.absolute(Path.join(Path.parent(#filePath), "../.."))

  /// All scripts of the repository.
  static let scripts: [String] = {
    func find(_ folder: String) -> [String] {
      ((try? Files.list(Path.join(root, folder))) ?? []).flatMap { name -> [String] in
        let path = "\(folder)/\(name)"
        if name.hasPrefix(".") { return [] }
        if Files.isDirectory(Path.join(root, path)) { return find(path) }
        return name.hasSuffix(".bvs") ? [path] : []
      }
    }
    return find("Scripts") + find("Tests")
  }()

  @Test("colours follow the scanner in every script of the repository that it reads")
  func scripts() throws {
    let engine = try GrammarEngine(json: Data(TextMateGrammar.json(.full).utf8))
    var compared = 0
    for path in Self.scripts {
      let text = try Files.readText(Path.join(Self.root, path))
      guard let expected = scannedStretches(of: text) else { continue }
      compared += 1
      compare(engine.scopes(of: text), with: expected, in: text, path)
    }
    #expect(compared >= 40, "\(compared)")
  }

  @Test("colours follow the scanner wherever the language is at its most intricate")
  func intricate() throws {
    let engine = try GrammarEngine(json: Data(TextMateGrammar.json(.full).utf8))
    let text = #"""
      #!/usr/bin/env bvae-script
      | # Prose with {1 + 2} and {"inner {3}"} \{ not \} # no comment
        | indented | prose
      x = [1, 2.5, 5e-4][0..1] # a comment with "quotes" and | bar
      a = 0..9
      train = time train model on ones epochs 0..9 latents
      print "text {x[0].count} \" \\ \{ \n # none", 'y'.z
      y = load mnist split train \
        digits [1, 7] # behind
      for_loop = form.end.count
      if not x.count == 3 and (measure m on ones).rows != [] or true
        print (train m on ones), mean([1]), mean, meany(2)
      else if x<=3
      end
      define half größe
        größe / 2 % 3 - -1
      end
      figure (sheet ones) "a {"b {c}"} d" number 3 + k
      """#
    // One line has a character that means nothing, which the scanner leaves away.
    let clean = text.replacing("'y'.z", with: "y.z").replacing("train = time", with: "trained = time")
    let expected = try #require(scannedStretches(of: clean))
    compare(engine.scopes(of: clean), with: expected, in: clean, "intricate")
    let lines = clean.split(separator: "\n")
    let scopes = engine.scopes(of: clean)
    func scope(of word: String, inLine number: Int) -> String {
      let before = lines[..<number].reduce(0) { $0 + $1.utf16.count + 1 }
      let line = String(lines[number])
      guard let range = line.firstRange(of: word) else { return "none" }
      return scopes[before + line[..<range.lowerBound].utf16.count].last ?? "none"
    }
    #expect(scope(of: "time", inLine: 5) == "support.function.command.bvs")
    #expect(scope(of: "train model", inLine: 5) == "support.function.command.bvs")
    #expect(scope(of: "epochs", inLine: 5) == "variable.parameter.option.bvs")
    #expect(scope(of: "split", inLine: 7) == "variable.parameter.option.bvs")
    #expect(scope(of: "mnist", inLine: 7) == "support.constant.bvs")
    #expect(scope(of: "train", inLine: 7) == "support.constant.bvs")
    #expect(scope(of: "for_loop", inLine: 9) == "variable.other.assignment.bvs")
    #expect(scope(of: "end", inLine: 9) == "variable.other.member.bvs")
    #expect(scope(of: "measure", inLine: 10) == "support.function.command.bvs")
    #expect(scope(of: "mean", inLine: 11) == "support.function.builtin.bvs")
    #expect(scope(of: "half", inLine: 14) == "entity.name.function.bvs")
    #expect(scope(of: "größe", inLine: 15) == "variable.other.bvs")
  }

  @Test("the files for VS Code are well-formed JSON and name one another")
  func files() throws {
    let folder = Path.join(Self.root, "Scripts/editors/vscode")
    func object(_ name: String) throws -> [String: Any] {
      let data = Data(try Files.read(Path.join(folder, name)))
      return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
    let contributes = try #require(try object("package.json")["contributes"] as? [String: Any])
    let grammar = try #require((contributes["grammars"] as? [[String: Any]])?.first)
    let language = try #require((contributes["languages"] as? [[String: Any]])?.first)
    #expect(grammar["language"] as? String == language["id"] as? String)
    #expect(language["extensions"] as? [String] == [".bvs"])
    #expect(try object("syntaxes/bvs.tmLanguage.json")["scopeName"] as? String == grammar["scopeName"] as? String)
    #expect(!(try object("language-configuration.json")).isEmpty)
  }

  /// What a stretch is as the scanner tells it, by UTF-16 units; nil for texts with what it cannot read.
  private func scannedStretches(of text: String) -> [ScannedStretch?]? {
    guard let stretches = ScannedStretch.all(in: text) else { return nil }
    // From bytes to UTF-16 units.
    var units: [Int] = []
    var unit = 0
    for scalar in text.unicodeScalars {
      units += [Int](repeating: unit, count: UTF8.width(scalar))
      unit += UTF16.width(scalar)
    }
    units.append(unit)
    var result = [ScannedStretch?](repeating: nil, count: unit)
    for stretch in stretches {
      for place in units[stretch.span.lower]..<units[stretch.span.upper] { result[place] = stretch }
    }
    return result
  }

  private func compare(_ scopes: [[String]], with expected: [ScannedStretch?], in text: String, _ name: String) {
    let units = Array(text.utf16)
    #expect(scopes.count == expected.count)
    var line = 1
    for (place, unit) in units.enumerated() where place < scopes.count {
      if unit == 10 { line += 1 }
      if unit == 10 || unit == 13 || unit == 32 || unit == 9 { continue }
      let found = scopes[place].last(where: { $0 != "meta.embedded.bvs" }) ?? "none"
      let kind = expected[place]?.kind
      let suits =
        switch kind {
        case .number: found == "constant.numeric.bvs"
        case .text: found.hasPrefix("string.") || found.hasPrefix("constant.character.escape")
        case .prose:
          found.hasPrefix("markup.") || found.hasPrefix("punctuation.definition.prose")
            || found.hasPrefix("constant.character.escape")
        case .shell: found == "string.unquoted.shell.bvs"
        case .format: found == "constant.other.placeholder.bvs"
        case .brace: found == "punctuation.section.embedded.bvs"
        case .symbol:
          found.hasPrefix("keyword.operator.") && found != "keyword.operator.word.bvs"
            || found.hasPrefix("punctuation")
        case .reserved: ["keyword.control.bvs", "keyword.operator.word.bvs", "constant.language.bvs"].contains(found)
        case .word: found.hasPrefix("variable.") || found.hasPrefix("support.") || found.hasPrefix("entity.")
        case nil: found.hasPrefix("comment.") || found == "keyword.operator.continuation.bvs"
        }
      if !suits {
        Issue.record(
          "\(name):\(line): '\(String(utf16CodeUnits: [unit], count: 1))' is \(kind.map { "\($0)" } ?? "a comment"), coloured as \(found)"
        )
        return
      }
    }
  }
}
