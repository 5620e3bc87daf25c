import BVAECPU
import BVAEDatasets
import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting
import BetaVAE

struct OpenCommand: Command {
  static let about = CommandAbout(
    "open", in: .files, "reads a model, an image, a table or arrays that were saved",
    details:
      "Models are .safetensors with the array names of any network that 'vae' or 'infogan' can make, as 'save' or PyTorch wrote "
      + "them, of float32, float16, bfloat16 or float64; array names may carry PyTorch's wrapper prefixes (module., "
      + "_orig_mod., model.). 'save' also records what a model is; for files of other programs, options supply it: "
      + "'beta' and 'likelihood' as in 'vae', 'autoencoder' for one, 'categories' and 'continuous' as in 'infogan', and 'size' where its weights fit images of "
      + "several sizes. Without them such a model can be swept, encoded with and interpreted; its loss is not known, "
      + "and it cannot be trained. Images are .png, or .jpg where the library TurboJPEG is installed; their values "
      + "are those that 'load' gives. Tables are .csv with a header line. Arrays are NumPy's: .npy, a list, and "
      + ".npz, a record of lists.",
    result: .any, refinesResult: true,
    example: """
      model = open "ones.safetensors"
      """)

  @Positional("the file", .inputPath) var path: String
  @Option("the weight of the KL divergence, where the file does not say it", .number(.notNegative)) var beta: Float?
  @Switch("the model is an autoencoder, where the file does not say so") var autoencoder: Bool
  @Option("squared error or cross-entropy, where the file does not say it") var likelihood: Objective.Likelihood?
  @Option(
    "pixels a side, or [rows, columns], where the file does not say it", .integer(Architecture.sideRange), .numbers)
  var size: [Int]?
  @Option(
    "how many categories each categorical code of an InfoGAN has, where the file does not say it",
    .integers(GeneratorCode.sizeRange))
  var categories: [Int]?
  @Option(
    "continuous codes of an InfoGAN, where the file does not say it", .integer(GeneratorCode.continuousRange))
  var continuous: Int?
  @Option(
    "what shows where an image is transparent",
    default: Color.usual, placeholder: Color.placeholder)
  var background: Color?

  private static let pictureEndings = Set(PictureKind.all.flatMap(\.endings))

  var rules: [Rule] {
    [
      { _ in
        $beta.wasGiven && autoencoder
          ? [$beta.failure("an autoencoder has no beta; give one of the two")] : []
      },
      { _ in
        guard let path = $path.path, let whole = path.whole, !whole.isEmpty,
          !["safetensors", "csv", "npy", "npz"].contains(path.ending), !Self.pictureEndings.contains(path.ending)
        else { return [] }
        let (message, hint) = Self.notOpened(whole)
        return [$path.failure(message, hint: hint)]
      },
      { _ in
        guard let sides = $size.knownOrNil(), !(1...2).contains(sides.count) else { return [] }
        return [$size.failure("size is one side, or [rows, columns]")]
      },
    ]
  }

  var knownResult: ValueType? {
    switch $path.path?.ending {
    case "safetensors": .object(ModelValue.self)
    case let ending? where Self.pictureEndings.contains(ending): .object(ImageValue.self)
    case "csv": .object(TableValue.self)
    case "npz": .object(RecordValue.typeName)
    default: nil
    }
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    switch Path.fileExtension(path) {
    case "safetensors": .object(try openModel(site, session))
    case "npy": try $path.blaming { try ArrayFile.open(path, session) }
    case "npz": try $path.blaming { .object(try ArrayFile.openArchive(path, session)) }
    case "csv":
      try $path.blaming {
        let text = try Files.readText(path)
        let table = try FileProblem.naming(path) { try Table(csv: text) }
        for doubt in table.doubts { session.host.warn("'\(Path.name(path))': \(doubt)") }
        return .object(
          TableValue(table: table.filled, caption: Path.name(path)))
      }
    default: .object(try $path.blaming { try openPicture(session) })
    }
  }

  private func openPicture(_ session: Session) throws -> ImageValue {
    let picture = try PictureFile.read(path, background: background ?? .white), bitmap = picture.bitmap
    if picture.isHidden {
      session.host.warn(
        "'\(Path.name(path))' is of one colour all over in front of the background; "
          + "say 'background \(background == .black ? "white" : "black")'")
    }
    let pixels = Tensor(
      shape: [bitmap.height, bitmap.width, bitmap.planes], values: bitmap.bytes.map { Float($0) / 255 })
    return ImageValue(pixels: pixels, title: Path.name(path), label: nil)
  }

  private func openModel(_ site: CallSite, _ session: Session) throws -> ModelValue {
    var given = GivenFacts(likelihood: likelihood)
    if autoencoder { given.kind = .autoencoder }
    if let beta { given.kind = .variational(beta: beta) }
    (given.categories, given.continuous) = (categories, continuous)
    if let size { (given.height, given.width) = (size[0], size[size.count - 1]) }
    let network = try $path.blaming {
      do {
        return try Model.open(path, given: given, compute: session.workspace.compute)
      } catch ModelError.severalSizes(let shapes) {
        let sizes = shapes.map { $0.height == $0.width ? "size \($0.height)" : "size [\($0.height), \($0.width)]" }
        throw ScriptFailure(
          "'\(path)': \(ModelError.severalSizes(shapes))", hint: "write \(Kind.alternatives(sizes))")
      }
    }
    var notes = network.openingNotes
    var options: [String] = []
    if network.unknown.contains(.beta) { options += ["beta 4", "autoencoder"] }
    if network.unknown.contains(.likelihood) { options += ["likelihood gaussian", "likelihood bernoulli"] }
    if !options.isEmpty { notes.append("to supply it: open … \(Kind.alternatives(options))") }
    if !notes.isEmpty {
      session.host.note("line \(site.line): \(Path.name(path)): \(notes.joined(separator: "; "))")
    }
    return ModelValue(network, subject: network.trainingRecord?.subject ?? "'\(Path.name(path))'", session)
  }

  /// Why a file is not opened, by its ending, and what to do.
  private static func notOpened(_ path: String) -> (String, String) {
    let ending = Path.fileExtension(path)
    let message =
      "'\(Path.name(path))' ends in \(ending.isEmpty ? "nothing" : ".\(ending)"); 'open' reads .safetensors, .png, .jpg, .csv, .npy and .npz"
    let target = "\(Path.name(path).dropLast(ending.count))safetensors"
    return switch ending {
    case "pt", "pth", "ckpt", "bin":
      (
        message,
        """
        convert it in Python:
          import torch; from safetensors.torch import save_file
          state = torch.load("\(path)", map_location="cpu"); state = state.get("state_dict", state)
          save_file({k: v.contiguous() for k, v in state.items()}, "\(target)")
        """
      )
    case "h5", "hdf5", "keras":
      (
        message,
        """
        Keras keeps its weights in other shapes and names; convert it in Python:
          import keras, safetensors.numpy as st; model = keras.models.load_model("\(path)")
          arrays = {}  # fill it with model.weights under PyTorch's names, kernels transposed to [out, in, row, column]
          st.save_file(arrays, "\(target)")
        """
      )
    default: (message, "datasets are read by 'load'")
    }
  }
}
