import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Glibc
import Testing

/// `explore`: the page on which a model is explored.
@Suite("Pages to explore a model")
struct ExploreTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ script: String) -> (lines: [String], host: RecordingHost) {
    var options = NotebookOptions()
    options.storeFolder = Path.join(folder.path, "store")
    let host = RecordingHost()
    let source = Source(name: "explore.bvs", text: script.replacing("FOLDER", with: folder.path))
    return (ending(Session.full(host: host, options: options).run(source)), host)
  }

  private func text(_ name: String) throws -> String {
    try Files.readText(Path.join(folder.path, name), limit: 1 << 25)
  }

  /// What a page computes from.
  private func data(_ page: String) throws -> JSON {
    let start = try #require(page.firstRange(of: "id=\"data\">")), rest = page[start.upperBound...]
    let end = try #require(rest.firstRange(of: "</script>"))
    return try #require(JSON(Array(rest[..<end.lowerBound].utf8)))
  }

  private static let small = """
    data = load mnist each 4
    model = vae for data latents 3 channels 4
    train model on data epochs 1

    """

  @Test("the page has the latents, the images with their labels, and an encoder for the pad")
  func page() throws {
    let (lines, host) = run(Self.small + "explore model on data \"FOLDER/p.html\" count 25\n")
    #expect(lines == [])
    #expect(host.notes.last?.contains("decoded pixels differ from 'decode' by at most") == true)
    let page = try text("p.html"), data = try data(page)
    #expect(data["latents"]?.list?.map { $0["name"] } == ["Z0", "Z1", "Z2"])
    #expect(data["properties"]?.list?.first?["name"] == "digit")
    #expect(data["properties"]?.list?.first?["values"]?.list?.count == 25)
    #expect(data["encoder"]?.list?.isEmpty == false)
    #expect(data["variable"] == "model")
    #expect(page.contains("Content-Security-Policy") && !page.contains("http://") && !page.contains("{{"))
  }

  @Test("no title ends an element of the page")
  func escapes() throws {
    let title = "</script><b>A & \\\"B\\\"</b>"
    #expect(run(Self.small + "explore model on data \"FOLDER/p.html\" title \"\(title)\"\n").lines == [])
    let page = try text("p.html")
    #expect(page.contains("<h1>&lt;/script&gt;&lt;b&gt;A &amp; &quot;B&quot;&lt;/b&gt;</h1>"))
    #expect(page.ranges(of: "</script>").count == 2)
    #expect(try data(page)["title"] == "</script><b>A & \"B\"</b>")
  }

  @Test("reports have the whole page in a frame, which runs its own program only, or a link")
  func reports() throws {
    #expect(run(Self.small + "explore model on data \"FOLDER/a b.html\"\nreport \"FOLDER/r.md\" html\n").lines == [])
    let page = try text("r.html")
    #expect(page.contains("for MNIST train, explored\" sandbox=\"allow-scripts allow-downloads\""))
    #expect(page.contains("<a href=\"a%20b.html\">by itself</a>"))
    // The frame holds the page, byte for byte.
    let start = try #require(page.firstRange(of: "srcdoc=\"")?.upperBound)
    let content = page[start...].prefix { $0 != "\"" }
    #expect(
      try content.replacing("&quot;", with: "\"").replacing("&amp;", with: "&") == text("a b.html"))
    // What runs is named by its sum, in the report and in the page.
    let own = try text("a b.html"), program = try #require(own.firstRange(of: "<script>")?.upperBound)
    let end = try #require(own[program...].firstRange(of: "</script>")?.lowerBound)
    let sum = String(decoding: [UInt8](base64Of: SHA256.digest(of: own[program..<end].utf8)), as: UTF8.self)
    for text in [own, page] { #expect(text.contains("; script-src 'sha256-\(sum)'\">")) }
    #expect(try text("r.md").contains("](a%20b.html)"))
    // Other reports have no frames.
    #expect(run("| # R\nreport \"FOLDER/s.html\"\n").lines == [])
    #expect(try !text("s.html").contains("script-src"))
  }

  @Test("a page says what the model is, on which images it was measured, and where its images stand among them")
  func subject() throws {
    let explore = "explore model on data \"FOLDER/p.html\" count 25 title \"Mine\"\n"
    #expect(run(Self.small + explore).lines == [])
    let page = try text("p.html"), data = try data(page)
    let subject = try #require(data["subject"]?.text)
    #expect(subject.contains("3 latents, for MNIST train. What a latent changes was measured on MNIST train"))
    #expect(subject.contains(" it was taken over its range, while the others stayed"))
    let places = data["places"]?.list?.compactMap(\.whole) ?? []
    #expect(places.count == 25 && places == places.sorted() && Set(places).count == 25)
    #expect(run(Self.small + "explore model on data \"FOLDER/q.html\"\n").lines == [])
    let all = try self.data(try text("q.html"))
    #expect(all["places"] == nil)
  }

  @Test("an InfoGAN has categories to choose, draws of noise, and no pad, which is said")
  func infoGAN() throws {
    let script = """
      data = load mnist each 4
      model = infogan for data channels 4
      train model on data epochs 1
      explore model on data "FOLDER/p.html"

      """
    #expect(run(script).lines == [])
    let data = try data(try text("p.html"))
    #expect(data["latents"]?.list?.first?["categories"] == 10)
    #expect(data["noises"]?.list?.count == 12 && data["encoder"] == nil)
    #expect(data["whyNoPad"]?.text?.contains("nothing tells the noise") == true)
  }

  @Test("what cannot be written or fits no model is said before anything runs, or when it does")
  func mistakes() {
    let start = "data = load mnist each 4\nmodel = vae for data latents 3 channels 4\n"
    #expect(
      run(start + "explore model on data \"p.txt\"\n").lines.first?.contains("a page must be saved as .html") == true)
    #expect(run(start + "explore model on data count 0\n").lines.first?.contains("count") == true)
    let other = start + "small = load sprites count 10 size 16\nexplore model on small \"FOLDER/p.html\"\n"
    #expect(run(other).lines.first?.contains("explore.bvs:4:18") == true)
  }

  private static let decoding = """
    const { Model } = require(process.argv[1]), fs = require('fs');
    const { data, codes } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
    const model = new Model(data);
    console.log(JSON.stringify(codes.map((code) => Array.from(model.decode(code)))));
    """

  @Test(
    "the page decodes as 'decode' does, within the error that it states",
    .enabled(if: Machine.program("node") != nil, "Node is not installed"),
    arguments: [
      ("load mnist each 4", "vae for data latents 3 channels 64"),
      ("load svhn count 40", "vae for data latents 3 network burgess channels 4 hidden 16"),
      ("load sprites count 40 size 32", "dcign for data factors [\"orientation\"] latents 4 network ign channels 8"),
      ("load mnist each 4", "vae for data latents 3 network mlp hidden 32"),
      ("load mnist each 4", "infogan for data channels 4"),
      ("load svhn count 40", "infogan for data channels 4"),
    ])
  func decodes(images: String, model: String) throws {
    let training = model.hasPrefix("dcign") ? "" : "train model on data epochs 1\n"
    let (lines, host) = run(
      """
      data = \(images)
      model = \(model)
      \(training)explore model on data "FOLDER/p.html" count 20
      means = (encode model data[0..1]).mean
      print means
      print (decode model means).values

      """)
    #expect(lines == [])
    try #require(host.shown.count >= 2)
    let codes = try #require(JSON(Array(host.shown[host.shown.count - 2].utf8)), "no codes")
    let truth = Self.numbers(try #require(JSON(Array(host.shown[host.shown.count - 1].utf8)), "no images"))
    let data = try data(try text("p.html"))
    let asked = Path.join(folder.path, "asked.json")
    try Files.write((["data": data, "codes": codes] as JSON).bytes, to: asked)
    let network = Path.join(Path.parent(#filePath), "../../Sources/Resources/data/network.js")
    let node = try ChildProcess(
      try #require(Machine.program("node")), ["-e", Self.decoding, Path.absolute(network), asked])
    var output: [UInt8] = []
    while case .bytes(let bytes) = node.read(waiting: 120) { output += bytes }
    #expect(node.wait() == .exited(0), "\(node.complaint)")
    let found = Self.numbers(try #require(JSON(output)))
    #expect(found.count == truth.count && found.count > 1000, "\(found.count) and \(truth.count)")
    guard case .number(let stated)? = data["error"] else {
      Issue.record("the page states no error")
      return
    }
    let error = zip(found, truth).reduce(0) { max($0, abs($1.0 - $1.1)) }
    // Codes of images are other ones than those that the page was measured with.
    #expect(error <= 1.25 * stated + 1e-4, "\(error) and \(stated)")
    #expect(stated <= 1.0 / 255)
  }

  /// All numbers of nested lists.
  private static func numbers(_ value: JSON) -> [Double] {
    switch value {
    case .number(let number): [number]
    case .list(let list): list.flatMap(numbers)
    default: []
    }
  }
}
