import BVAEPlatform

/// Which files belong together by their names.
enum Companions {
  /// The paths of the labels' file that may belong to an images' file, the likeliest first.
  static func labels(of images: String) -> [String] {
    let folder = Path.parent(images), name = Path.name(images)
    var names: [String] = []
    for (word, others) in [("images", ["labels"]), ("imgs", ["labels"]), ("image", ["label"])] {
      guard let place = name.ranges(of: word).last else { continue }
      for other in others {
        let renamed = name.replacing(place, with: other)
        let numbered = ["idx3", "idx4"].reduce(renamed) { $0.replacingLast($1, with: "idx1") }
        names.append(numbered)
        // QMNIST's labels are rows of 32-bit numbers.
        if numbered != renamed {
          let wide = numbered.replacingLast("idx1", with: "idx2")
          names += [numbered, wide].map { $0.replacingLast("ubyte", with: "int") } + [wide]
        }
      }
      break
    }
    for (word, other) in [("x_", "y_"), ("X_", "y_"), ("X.", "y."), ("x.", "y."), ("data.", "target.")]
    where name.hasPrefix(word) {
      names.append(name.replacing(name.startIndex..<name.index(name.startIndex, offsetBy: word.count), with: other))
    }
    let (stem, ending) = parts(name)
    if ["npy", "npz"].contains(Path.fileExtension(name.removingGzip)) {
      names += ["-labels", "_labels", "-label", "_label"].map { stem + $0 + ending }
    }
    return names.flatMap { [$0, $0.togglingGzip] + otherKind($0) }.reduce(into: []) { all, name in
      let path = Path.join(folder, name)
      if !all.contains(path) && path != images { all.append(path) }
    }
  }

  /// The paths that another part of the data may have, the likeliest first: `t10k-images` for `train-images`,
  /// `test/x.npy` for `train/x.npy`.
  /// - Returns: nil where the path says that it is this part itself.
  static func part(_ split: Split, of path: String) -> [String]? {
    let folder = Path.parent(path), name = Path.name(path)
    if let found = word(in: name) {
      if found.split == split { return nil }
      return renamed(name, found, to: split).flatMap { [$0, $0.togglingGzip] }.map { Path.join(folder, $0) }
    }
    let above = Path.name(folder)
    guard let found = word(in: above), found.range == above.startIndex..<above.endIndex else { return [] }
    if found.split == split { return nil }
    return renamed(above, found, to: split).map { Path.join(Path.join(Path.parent(folder), $0), name) }
  }

  private static func words(_ split: Split) -> [String] {
    switch split {
    case .train: ["training", "train"]
    case .test: ["testing", "test", "t10k"]
    case .val: ["validation", "valid", "dev", "val"]
    }
  }

  /// The last word for a part in a name: a word of its own, as in `x_train` and `testset`, not in `latest` or `trains`.
  private static func word(in name: String) -> (split: Split, range: Range<String.Index>)? {
    let plain = name.lowercased()
    guard plain.utf8.count == name.utf8.count else { return nil }
    var found: (split: Split, range: Range<String.Index>)?
    for split in Split.allCases {
      for word in words(split) {
        for place in plain.ranges(of: word) {
          let before = plain[..<place.lowerBound], after = plain[place.upperBound...]
          let begins = before.last.map { !$0.isLetter } ?? true || ["x", "y"].contains(before)
          let ends = after.first.map { !$0.isLetter } ?? true || after.hasPrefix("set") || after.hasPrefix("data")
          if begins && ends, found.map({ place.lowerBound > $0.range.lowerBound }) ?? true { found = (split, place) }
        }
      }
    }
    return found.map { found in
      let lower = plain.utf8.distance(from: plain.startIndex, to: found.range.lowerBound)
      let start = name.utf8.index(name.startIndex, offsetBy: lower)
      let end = name.utf8.index(start, offsetBy: plain[found.range].utf8.count)
      return (found.split, start..<end)
    }
  }

  /// A name with the word for one part in place of another's: of MNIST `t10k`, of others `test`.
  private static func renamed(
    _ name: String, _ found: (split: Split, range: Range<String.Index>), to split: Split
  ) -> [String] {
    let old = name[found.range]
    // `train` stands beside `t10k` and `test`, `training` beside `testing`.
    let isLong = old.count > 5
    return (isLong ? words(split) : words(split).reversed()).map { new in
      let cased =
        old.allSatisfy(\.isUppercase) ? new.uppercased() : old.first?.isUppercase == true ? new.capitalizedFirst : new
      return name.replacing(found.range, with: cased)
    }
  }

  /// `a.b` and `.npy.gz` of `a.b.npy.gz`.
  private static func parts(_ name: String) -> (stem: String, ending: String) {
    let plain = name.removingGzip
    guard let dot = plain.lastIndex(of: "."), dot != plain.startIndex else { return (name, "") }
    return (String(plain[..<dot]), String(name[dot...]))
  }

  /// Labels may come as an array beside images in an archive, and the other way round.
  private static func otherKind(_ name: String) -> [String] {
    let plain = name.removingGzip
    if plain.hasSuffix(".npz") { return [plain.dropLast(4) + ".npy"] }
    if plain.hasSuffix(".npy") { return [plain.dropLast(4) + ".npz"] }
    return []
  }
}

extension String {
  fileprivate var removingGzip: String { hasSuffix(".gz") ? String(dropLast(3)) : self }
  fileprivate var togglingGzip: String { hasSuffix(".gz") ? String(dropLast(3)) : self + ".gz" }

  fileprivate func replacing(_ range: Range<Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }

  fileprivate func replacingLast(_ part: String, with text: String) -> String {
    ranges(of: part).last.map { replacing($0, with: text) } ?? self
  }
}
