import BVAEDatasets
import BVAELanguage
import BVAEPlatform
import BVAERendering

extension CommandDeclaration {
  static let load = CommandDeclaration(
    "load", group: .data,
    summary: "loads images, with their labels where there are any",
    details: "Images come in the order of the file unless shuffled. 'count' takes the first that match, 'each' the "
      + "first of every chosen digit. The data folder is that of --data, else of BVAE_DATA, else the user's cache "
      + "folder; without any, MNIST comes from a sample of 2000 training and 100 test images a digit that is part of "
      + "the program, SVHN from one of 983 and 100 images (for non-commercial use only), and Fashion-MNIST from where the "
      + "package dataset-fashion-mnist puts it.\n\n"
      + "A path may lead to an IDX file of any type of numbers, plain or in gzip (EMNIST's, named emnist-…, are turned "
      + "upright, and letters are labels from 1 on); to a MATLAB 5 file with the variables X and y as SVHN's; to a .npy array "
      + "of numbers, images × rows × columns, with 1 or 3 planes last or first; to an .npz archive of arrays 'images' and "
      + "'labels' (or X and y, x_train and y_train, data and target, arr_0 and arr_1), or dSprites'; to a PNG or JPEG "
      + "picture, or to a folder of them, where folders inside are classes, themselves perhaps inside folders train, test "
      + "and val. The content tells, not the name. Labels are also found in a file "
      + "beside the images: with 'labels' in place of 'images' in its name, or '-labels' behind it. Where the name says "
      + "'train' or 'test', 'split' takes the other part from the file beside it. Names of classes are kept, and saved with a "
      + "dataset.\n\n"
      + "Whole numbers are taken for 0 to 255, fractions for 0 to 1, truth values for black and white; 'scale' says otherwise: "
      + "scale 0..16, scale -1..1, scale 65535. What a file holds besides, and what was assumed of it, is told. Files of any "
      + "size are read piece by piece: only the images that are taken are kept in memory.\n\n"
      + "Pictures give the values that are stored in them, whatever they say of gamma, colour spaces and how they are to be "
      + "turned (gAMA, sRGB, iCCP, EXIF), as in Pillow and torchvision; 16 bits become 8 by rounding to the nearest. What is "
      + "transparent is mixed with 'background'. JPEG is read where the library TurboJPEG is installed (Debian's package "
      + "libturbojpeg0). Hidden files, __MACOSX, Thumbs.db and desktop.ini are passed over, and names with backslashes, "
      + "from archives made on Windows, are taken for folders.\n\n"
      + "'where' with 'is', and 'vary', choose by the factors of images whose factors are known; see 'help select'.\n\n"
      + "sprites and streets are drawn by the program from the seed, 2000 images unless said otherwise, their factors "
      + "known: shapes after dSprites, and house numbers in the manner of SVHN. 'from' draws images again from the factors "
      + "of a dataset, or of the .npz that 'save' made of one.",
    parameters: [
      .positional(
        "source", "a known dataset, or the path of a file or folder of images",
        .words(DataLibrary.Source.words + SyntheticData.all.map(\.rawValue)), .inputPath),
      .option(
        "split", "which part of a known dataset, or of a folder or file that has parts",
        .words(Split.allCases.map(\.rawValue)), default: "train"),
    ] + choice + [
      .option(
        "size", "the rows and columns that all images are resized to, or drawn in", .integers(1...4096),
        default: .described("as they are"), placeholder: "28|[32, 32]"),
      .option(
        "fit", "how images of other proportions take that size: stretched, cropped in the middle, or padded",
        .words(Fitting.Proportions.allCases.map(\.rawValue)), default: "stretch"),
      backgroundParameter("what shows where a picture is transparent, and around padded images"),
      .option(
        "planes", "1 makes grey of colour, 3 colour of grey", .integer(1...3), default: .described("as they are"),
        placeholder: "1|3"),
      .option(
        "scale",
        "the file's values for black and white: from one to the other, as a list where white is the lower one, or "
          + "white alone", .range, .numbers, .number(.positive), default: .described("0..255; of fractions 0..1"),
        placeholder: "0..255|[1, 0]"),
      .toggle("partial", "takes the images that are whole where a file is cut off"),
    ] + syntheticParameters,
    result: .object(DatasetValue.self),
    example: """
      ones = load mnist digits 1 count 2000
      """,
    check: { call in
      let source = call.word("source")
      var found: [ScriptFailure] = []
      if source != nil, let digits = call.literal("digits"), Kind.integers(0...255).takes(digits),
        !Kind.integers(0...9).takes(digits)
      {
        found.append(
          call.mistake("digits", "'digits' takes 0 to 9 of a known dataset", hint: "other files may have other labels"))
      }
      if call.literal("planes")?.whole == 2 {
        found.append(call.mistake("planes", "'planes' takes 1 (grey) or 3 (colour), not 2"))
      }
      let sides: Int? =
        switch call.literal("size") {
        case .list(let list): list.count
        case .range(let range): range.count
        default: nil
        }
      if let sides, !(1...2).contains(sides) { found.append(call.mistake("size", sizeComplaint(sides))) }
      if call.wasGiven("fit") && !call.wasGiven("size") { found.append(call.mistake("fit", fitWithoutSize)) }
      if case .list(let values) = call.literal("background"), ![1, 3].contains(values.count) {
        found.append(call.mistake("background", backgroundComplaint(values.count)))
      }
      return found + choiceMistakes(call) + scaleMistakes(call) + syntheticMistakes(call)
    }
  ) { call, session in
    if let data = SyntheticData(rawValue: try call.wordIfAny("source") ?? "") {
      let dataset = try CommandDeclaration.drawn(data, call, session)
      session.workspace.note(dataset)
      return .object(DatasetValue(dataset: dataset))
    }
    for parameter in syntheticParameters where call.wasGiven(parameter.name) {
      throw call.failure(parameter.name, onlyDrawn(parameter.name))
    }
    let known = try call.wordIfAny("source").flatMap(DataLibrary.Source.init(word:))
    let source = try known ?? .file(call.text("source"))
    let selection = try call.selection(session)
    // Files without parts are refused only where a part was asked for.
    let split = call.wasGiven("split") ? Split(rawValue: try call.word("split")) : nil
    let options = LoadOptions(isPartial: call.isSet("partial"), fitting: try fitting(call), scale: try scale(call))
    let workspace = session.workspace
    let dataset = try call.blaming("source") {
      try workspace.library.load(source, split: split, selection: selection, options: options)
    }
    for remark in dataset.remarks {
      if remark.isWarning { session.host.warn(remark.text) } else { session.host.note(remark.text) }
    }
    workspace.note(dataset)
    return .object(DatasetValue(dataset: dataset))
  }

  private static let scaleComplaint =
    "'scale' takes the values for black and white, two that differ: 0..255, or [1, 0] where white is the lower one"

  private static func scaleMistakes(_ call: Inspection) -> [ScriptFailure] {
    guard case .list(let list) = call.literal("scale"), list.count != 2 else { return [] }
    return [call.mistake("scale", scaleComplaint)]
  }

  /// The values for black and white that a call says.
  private static func scale(_ call: Invocation) throws -> Scale? {
    guard call.wasGiven("scale") else { return nil }
    let ends: [Double]
    if let range = try call.rangeIfAny("scale") {
      ends = [range.lowerBound, range.upperBound]
    } else if let white = try call.numberIfAny("scale") {
      ends = [0, white]
    } else {
      ends = try call.numbersIfAny("scale") ?? []
    }
    guard ends.count == 2, let scale = Scale(black: ends[0], white: ends[1]) else {
      throw call.failure("scale", scaleComplaint)
    }
    return scale
  }

  private static func sizeComplaint(_ count: Int) -> String {
    "'size' takes one number, or rows and columns as [32, 32]; this is \(counted(count, "number"))"
  }

  private static let fitWithoutSize = "'fit' says how images take the size that 'size' gives, and there is no 'size'"

  private static func backgroundComplaint(_ count: Int) -> String {
    "'background' takes white, black, grey, one number, or red, green and blue as [255, 255, 255]; this is "
      + counted(count, "number")
  }

  static func backgroundParameter(_ summary: String) -> Parameter {
    .option(
      "background", summary, .words(["white", "black", "grey"]), .integers(0...255),
      default: .described("white behind what is transparent, black around what is padded"),
      placeholder: "white|black|grey|128|[255, 0, 0]")
  }

  /// The background that a call asks for.
  static func background(_ call: Invocation) throws -> Color? {
    switch try call.wordIfAny("background") {
    case "white": return .white
    case "black": return .black
    case "grey": return Color(grey: 128)
    default: break
    }
    guard let values = try call.integersIfAny("background")?.map({ UInt8(clamping: $0) }) else { return nil }
    switch values.count {
    case 1: return Color(grey: values[0])
    case 3: return Color(red: values[0], green: values[1], blue: values[2])
    default: throw call.failure("background", backgroundComplaint(values.count))
    }
  }

  /// The size, proportions, planes and background that a call asks for.
  private static func fitting(_ call: Invocation) throws -> Fitting {
    var fitting = Fitting(background: try background(call))
    if call.wasGiven("fit") {
      guard call.wasGiven("size") else { throw call.failure("fit", fitWithoutSize) }
      fitting.proportions = Fitting.Proportions(rawValue: try call.word("fit")) ?? .stretch
    }
    if let sides = try call.integersIfAny("size") {
      guard (1...2).contains(sides.count), let size = Fitting.Size(height: sides[0], width: sides[sides.count - 1])
      else {
        throw call.failure("size", sizeComplaint(sides.count))
      }
      fitting.size = size
    }
    if let planes = try call.integerIfAny("planes") {
      guard planes != 2 else { throw call.failure("planes", "'planes' takes 1 (grey) or 3 (colour), not 2") }
      fitting.planes = planes
    }
    return fitting
  }
}
