import ArgumentParser
import BVAECPU
import BVAEConsole
import BVAEDatasets
import BVAENotebook
import BVAEOpenCL
import BVAEPixels
import BVAEPlatform
import BetaVAE
import Glibc

/// `bvae-script doctor`: what the program found on this machine, and what is missing that could be of use.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bvae-script doctor",
    abstract: "Says what the program found on this machine: processor, data, kept models, terminal, notebooks.")

  @ArgumentParser.Option(
    help: ArgumentHelp("The folder with the data sets.", valueName: "folder"), completion: .directory)
  var data: String?

  func run() throws {
    let library = DataLibrary(folder: data.map(Path.expandingHome))
    let lines =
      Lines.section("bvae-script \(Workspace.version)", Self.program) + Lines.section("Machine", Self.machine)
      + Lines.section("Data", Self.data(library)) + Lines.section("Trained models", Self.models)
      + Lines.section("Terminal", Self.terminal) + Lines.section("Notebooks", Self.notebooks)
    try Lines.write(lines.dropLast())
  }

  private static var program: [(String, String)] {
    [
      ("program", Files.canonical("/proc/self/exe") ?? CommandLine.arguments[0]),
      ("libpng", PNG.libraryVersion), ("JPEG pictures", JPEG.isAvailable ? "read by libjpeg-turbo" : JPEG.remedy),
    ]
  }

  private static var machine: [(String, String)] {
    let others = Kernels.all.map(\.name).filter { $0 != Kernels.best.name }
    let also = others.isEmpty ? "" : "; the processor runs \(others.joined(separator: " and ")) too"
    return [
      ("processor", "\(Machine.processorName), \(counted(Machine.processors, "processor")) to use"),
      ("kernels", Kernels.best.name + also),
      ("memory", Machine.availableMemory.map { "\(byteCount($0)) available" } ?? "not known"),
      ("graphics", graphics),
    ]
  }

  /// What '--device gpu' and 'gpu:2' are, and what stands in the machine without a driver of OpenCL.
  private static var graphics: String {
    let found: [OpenCLDevice]
    do {
      found = try OpenCLDevice.all()
    } catch {
      let names = nvidia
      return names.isEmpty ? "none found" : names.joined(separator: ", ") + ": not used; \(error)"
    }
    guard !found.isEmpty else { return "none found; OpenCL is here, but no driver of it has a device" }
    return found.enumerated().map { number, device in
      let kind = device.isGPU ? "" : device.isCPU ? ", the processor itself" : ", no graphics processor"
      return "gpu:\(number + 1) \(device.name)\(kind), \(byteCount(device.memory)), \(device.platform) \(device.driver)"
    }.joined(separator: "\n")
  }

  /// The names that NVIDIA's kernel module tells.
  private static var nvidia: [String] {
    let folder = "/proc/driver/nvidia/gpus"
    return ((try? Files.list(folder)) ?? []).compactMap { name -> String? in
      let text = try? Files.readText(Path.join(folder, "\(name)/information"))
      let line = text?.split(separator: "\n").first { $0.hasPrefix("Model:") }
      return line.map { String($0.dropFirst("Model:".count).drop { $0 == " " || $0 == "\t" }) }
    }
  }

  private static func data(_ library: DataLibrary) -> [(String, String)] {
    let folders = library.folders.map { Files.isDirectory($0) ? $0 : $0 + " (not there)" }
    return [("folders", folders.joined(separator: "\n"))]
      + library.whereabouts.map { found in
        (found.name, found.place ?? (found.hasSample ? "the sample that the program carries" : "not found"))
      }
  }

  private static var models: [(String, String)] {
    let store = ModelStore.usual, contents = store.contents
    let bytes = contents.reduce(0) { $0 + $1.bytes }
    let room = ScratchFile.room(in: store.folder).map { "; \(byteCount($0)) free" } ?? ""
    let kept =
      contents.isEmpty
      ? "none"
      : "\(counted(contents.count { $0.kind == .model }, "model")), "
        + "\(counted(contents.count { $0.kind == .checkpoint }, "unfinished training")): \(byteCount(bytes))"
    return [("folder", store.folder), ("kept", "\(kept)\(room)"), ("", "'bvae-script store' lists them")]
  }

  private static var terminal: [(String, String)] {
    let isTerminal = isatty(Output.standard) == 1
    guard isTerminal else { return [("output", "no terminal")] }
    let name = Machine.environment("TERM") ?? "dumb"
    return [
      ("kind", name),
      ("size", "\(Output.columns(of: Output.standard)) columns, \(Output.rows(of: Output.standard)) rows"),
      ("colours", Terminfo.showsColors() ? "yes" : "no"),
      ("pictures", TerminalHost.wayOfPictures),
      ("history", InputHistory.standardPath ?? "not kept: there is no home folder"),
    ]
  }

  private static var notebooks: [(String, String)] {
    let found = kernels
    return [
      (
        "Jupyter kernel",
        found.isEmpty ? "not installed; Scripts/jupyter/README.md says how" : found.joined(separator: "\n")
      ),
      ("editors", "'bvae-script --lsp' serves them; the README says how to set them up"),
    ]
  }

  /// The folders of Jupyter's kernels that run this program, as Jupyter looks for them.
  private static var kernels: [String] {
    let shared = Machine.environment("XDG_DATA_HOME") ?? Machine.homeDirectory.map { Path.join($0, ".local/share") }
    let own = Machine.environment("JUPYTER_DATA_DIR") ?? shared.map { Path.join($0, "jupyter") }
    let prefixes =
      (Machine.environment("VIRTUAL_ENV").map { [Path.join($0, "share/jupyter")] } ?? [])
      + ["/usr/local/share/jupyter", "/usr/share/jupyter"]
    let places =
      (Machine.environment("JUPYTER_PATH")?.split(separator: ":").map(String.init) ?? [])
      + [own].compactMap { $0 } + prefixes
    return places.flatMap { place -> [String] in
      let folder = Path.join(place, "kernels")
      return ((try? Files.list(folder)) ?? []).map { Path.join(folder, $0) }.filter { kernel in
        let text = (try? Files.readText(Path.join(kernel, "kernel.json"), limit: 1 << 16)) ?? ""
        return text.contains("bvae_script_kernel")
      }
    }
  }
}
