import BVAEArrays
import BVAEPlatform

/// MATLAB 5 among the formats of files.
struct MATFormat: FileFormat {
  let words = "MATLAB 5 (.mat), as SVHN's"

  func recognises(_ beginning: [UInt8]) -> Bool {
    MATFile.recognises(beginning) || beginning.starts(with: "MATLAB 5.0 MAT-file".utf8)
  }

  func images(_ file: DataFile, part: Split?, _ options: LoadOptions) throws -> any ImageSource {
    try MATImages(file.allUnpacked(isPartial: options.isPartial), split: part, options: options)
  }

  /// Whether the file may be cut off is asked when it is read.
  func names(_ file: DataFile) throws -> [String] {
    try MATFile(file.allUnpacked(isPartial: true)).variables.map(\.name)
  }

  func withoutLabels(_ part: Split?, beside: String) -> String { "the file has no labels, variable y" }
}

extension MATFile {
  /// The variable of the first of some names that is there; nil where there is none.
  func variableIfAny(_ names: [String]) throws(FileProblem) -> Variable? {
    for name in names {
      let found = variables.filter { $0.name == name }
      guard found.count < 2 else { throw FileProblem("it has two variables '\(name)'") }
      if let variable = found.first { return variable }
    }
    return nil
  }

  /// The variable of images: by its name, or because no other has as many dimensions.
  func images(_ split: Split?) throws(FileProblem) -> Variable {
    // SVHN's name comes before those of others.
    if let variable = try variableIfAny((split == nil ? ["X"] : []) + ArrayNames.images(split)) { return variable }
    if let cut { throw cutOff(cut) }
    let solid = variables.filter { $0.dimensions.count > 2 && $0.kind?.isNumeric == true && $0.hasName }
    if solid.count == 1 && split == nil { return solid[0] }
    throw missing(split == nil ? "X" : ArrayNames.images(split)[1])
  }
}

/// What can be wrong with a file of images.
extension MATFile {
  /// The problem that a variable that is needed is not there.
  func missing(_ name: String) -> FileProblem {
    let others = variables.prefix(12).map(\.words).joined(separator: ", ")
    return FileProblem(
      "it has no variable '\(name)'" + (variables.isEmpty ? " nor any other" : "; it has \(others)"),
      expected: "X (the images, rows × columns × 3 × images) and y (the labels)")
  }

  /// A problem in an element that the file's end cuts off: where it comes of that, this is what it tells.
  func cutOff(_ problem: FileProblem) -> FileProblem { problem.isCutOff ? noWholeImage : problem }

  var noWholeImage: FileProblem {
    FileProblem(
      "it is incomplete, as an interrupted download is: it promises at least \(counted(expectedBytes, "byte")), but ends "
        + "after \(bytes.count.grouped), before the first image does",
      advice: "fetch it again ('fetch svhn' gets SVHN's files)", isCutOff: true)
  }

  /// The problem of a file that was cut off.
  /// - Parameter whole: how many images are whole.
  func incomplete(_ layout: MATLayout, whole: Int, hasLabels: Bool) -> FileProblem {
    let images = whole == layout.count ? "all images" : counted(whole, "whole image")
    return FileProblem(
      "it is incomplete, as an interrupted download is: it promises \(counted(layout.count, "image")) of \(layout.shape) in "
        + "at least \(counted(expectedBytes, "byte")), but ends after \(bytes.count.grouped) with \(images) and "
        + "\(hasLabels ? "their" : "no") labels",
      advice: (layout.shape == .svhn ? "'fetch svhn' gets the whole file" : "fetch it again")
        + ", or say 'partial' to take the images that are whole", isCutOff: true)
  }
}
