import BVAEDatasets
import BVAELanguage
import BVAEPlatform
import BVAERendering

struct LoadCommand: Command {
  static let about = CommandAbout(
    "load", in: .data, "loads images, with their labels where there are any",
    details: "Images come in the order of the file unless shuffled. 'count' takes the first that match, 'each' the "
      + "first of every chosen class. The data folder is that of --data, else of BVAE_DATA, else the user's cache "
      + "folder; without any, MNIST comes from a sample of 2000 training and 100 test images a digit that is part of "
      + "the program, SVHN from one of 983 and 100 images (for non-commercial use only), and Fashion-MNIST from where "
      + "the package dataset-fashion-mnist puts it.\n\n"
      + "A path may lead to an IDX file of any type of numbers, plain or in gzip (EMNIST's, named emnist-…, are "
      + "turned upright, and letters are labels from 1 on); to a MATLAB 5 file with the variables X and y as SVHN's; "
      + "to a .npy array of numbers, images × rows × columns, with 1 or 3 planes last or first; to an .npz archive of "
      + "arrays 'images' and 'labels' (or X and y, x_train and y_train, data and target, arr_0 and arr_1), or "
      + "dSprites'; to a PNG or JPEG picture, or to a folder of them, where folders inside are classes, themselves "
      + "perhaps inside folders train, test and val. The format is recognised by content, not by name. Labels are "
      + "also found in a file beside the images: with 'labels' in place of 'images' in its name, or '-labels' behind "
      + "it. Where the name says 'train' or 'test', 'split' takes the other part from the file beside it. Names of "
      + "classes are kept, and saved with a dataset.\n\n"
      + "Whole numbers are taken for 0 to 255, fractions for 0 to 1, truth values for black and white; 'scale' says "
      + "otherwise: scale 0..16, scale -1..1, scale 65535. Unused contents of a file, and assumptions made about it, "
      + "are reported. Files of any size are read piece by piece: only the images that are taken are kept. "
      + "In memory images of two values, as dSprites', take an eighth of their bytes where they are many; others that are "
      + "more than 1 GB are kept in a file in the cache folder, which is gone when the program ends.\n\n"
      + "Pictures are read as stored; gamma, colour spaces and orientation are ignored (gAMA, sRGB, iCCP, EXIF), as "
      + "in Pillow and torchvision; 16 bits become 8 by rounding to the nearest. What is transparent is mixed with "
      + "'background'. JPEG is read where the library TurboJPEG is installed (Debian's package libturbojpeg0). Hidden "
      + "files, __MACOSX, Thumbs.db and desktop.ini are passed over, and names with backslashes, from archives made "
      + "on Windows, are taken for folders.\n\n"
      + "'where' with 'is', and 'vary', choose by the factors of images whose factors are known; see 'help "
      + "select'.\n\n"
      + "sprites and streets are drawn by the program from the seed, 2000 images unless said otherwise, their factors "
      + "known: shapes after dSprites, and house numbers in the manner of SVHN. 'from' draws images again from the "
      + "factors of a dataset, or of the .npz that 'save' made of one.",
    result: .object(DatasetValue.self),
    example: """
      ones = load mnist digits 1 count 2000
      """)

  @Positional("a known dataset, or the path of a file or folder of images") var source: LoadSource
  @Option("which part of a known dataset, or of a folder or file that has parts", default: "train") var split: Split
  @Group var choice: ImageChoice
  @Option(
    "the rows and columns that all images are resized to, or drawn in", .integers(1...4096),
    default: .described("as they are"), placeholder: "28|[32, 32]")
  var size: [Int]?
  @Option(
    "how images of other proportions take that size: stretched, cropped in the middle, or padded", default: "stretch")
  var fit: Fitting.Proportions
  @Option(
    "what shows where a picture is transparent, and around padded images",
    default: Color.usual, placeholder: Color.placeholder)
  var background: Color?
  @Option(
    "1 makes grey of colour, 3 colour of grey", .integer(1...3), default: .described("as they are"),
    placeholder: "1|3")
  var planes: Int?
  @Option(
    "the file's values for black and white: from one to the other, as a list where white is the lower one, or "
      + "white alone", default: .described("0..255; of fractions 0..1"), placeholder: "0..255|[1, 0]")
  var scale: Scale?
  @Switch("takes the complete images of a truncated file") var partial: Bool
  @Switch("takes sprites in the order of the grid of their factors") var grid: Bool
  @Marker("what has the factors of images that are drawn again") var from: FactorSource?

  var rules: [Rule] {
    [
      { _ in
        guard $source.word != nil, let labels = choice.$classes.knownOrNil()?.numbers,
          let wrong = labels.first(where: { !(0...9).contains($0) }), (0...255).contains(wrong)
        else { return [] }
        return [
          choice.$classes.failure(
            "'classes' takes 0 to 9 of a known dataset", hint: "other files may have other labels")
        ]
      },
      { _ in $planes.known == 2 ? [$planes.failure("'planes' takes 1 (grey) or 3 (colour), not 2")] : [] },
      { _ in
        guard let sides = $size.knownOrNil(), !(1...2).contains(sides.count) else { return [] }
        return [
          $size.failure(
            "'size' takes one number, or rows and columns as [32, 32]; this is \(counted(sides.count, "number"))")
        ]
      },
      { _ in
        guard $fit.wasGiven && !$size.wasGiven else { return [] }
        return [$fit.failure("'fit' needs 'size'")]
      },
      { _ in drawnRules },
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let dataset: Dataset
    switch source {
    case .drawn(let data): dataset = try drawn(data, session)
    case .library(let source):
      // Files without parts are refused only where a part was asked for.
      dataset = try $source.blaming {
        try session.workspace.library.load(
          source, split: $split.wasGiven ? split : nil, selection: choice.selection(session),
          options: LoadOptions(isPartial: partial, fitting: fitting, scale: scale))
      }
      session.tell(dataset.remarks)
    }
    session.workspace.record(dataset)
    return .object(DatasetValue(dataset: dataset))
  }

  /// The size, proportions, planes and background that are asked for.
  private var fitting: Fitting {
    get throws {
      var fitting = Fitting(background: background)
      fitting.proportions = fit
      fitting.planes = planes
      if let size {
        guard let whole = Fitting.Size(height: size[0], width: size[size.count - 1]) else {
          throw $size.failure("there are no images of this size")
        }
        fitting.size = whole
      }
      return fitting
    }
  }
}

/// What 'load' takes images from.
enum LoadSource: ArgumentValue {
  case drawn(SyntheticData)
  case library(DataLibrary.Location)

  static let usualKinds: [Kind] = [
    .words(DataLibrary.Location.words + SyntheticData.all.map(\.rawValue)), .inputPath,
  ]

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> LoadSource? {
    if case .word(let word) = content {
      if let data = SyntheticData(rawValue: word) { return .drawn(data) }
      return DataLibrary.Location(word: word).map { .library($0) }
    }
    return String.read(content, for: parameter, of: verb).map { .library(.file($0)) }
  }
}

extension Split: WordValue {}
extension Fitting.Proportions: WordValue {}

/// A colour by name, as one number for grey, or as red, green and blue.
extension Color: ArgumentValue {
  static let placeholder = "white|black|grey|128|[255, 0, 0]"
  /// What holds where none is said.
  static let usual = Fallback.described("white behind what is transparent, black around what is padded")
  package static let refusesValues = true
  package static let usualKinds: [Kind] = [.words(["white", "black", "grey"]), .integers(0...255)]

  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> Color? {
    switch Given.word(content, of: parameter) {
    case "white": return .white
    case "black": return .black
    case "grey": return Color(grey: 128)
    default: break
    }
    guard let values = try [Int].read(content, for: parameter, of: verb)?.map({ UInt8(clamping: $0) }) else {
      return nil
    }
    switch values.count {
    case 1: return Color(grey: values[0])
    case 3: return Color(red: values[0], green: values[1], blue: values[2])
    default:
      throw ScriptFailure(
        "'\(parameter.name)' takes white, black, grey, one number, or red, green and blue as [255, 255, 255]; this is "
          + counted(values.count, "number"))
    }
  }
}

/// The values for black and white: a range, a list of the two, or white alone.
extension Scale: ArgumentValue {
  package static let refusesValues = true
  package static let usualKinds: [Kind] = [.range, .numbers, .number(.positive)]

  package static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> Scale? {
    let ends: [Double]
    switch content {
    case .value(.range(let range)): ends = [range.lower, range.upper]
    case .value(.number(let white)): ends = [0, white]
    default:
      guard let given = try [Double].read(content, for: parameter, of: verb) else { return nil }
      ends = given
    }
    guard ends.count == 2, let scale = Scale(black: ends[0], white: ends[1]) else {
      throw ScriptFailure(
        "'\(parameter.name)' takes the values for black and white, two that differ: 0..255, or [1, 0] where white is "
          + "the lower one")
    }
    return scale
  }
}
