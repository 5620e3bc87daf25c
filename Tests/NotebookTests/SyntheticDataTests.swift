import BVAEDatasets
import BVAELanguage
import BVAENotebook
import BVAEPlatform
import BVAERendering
import Testing

@Suite("Drawn data in scripts")
struct SyntheticDataTests {
  private let domain: DomainTests

  init() throws { domain = try DomainTests() }

  private func shown(_ script: String, host: RecordingHost = RecordingHost()) -> [String] {
    #expect(domain.isFinished(domain.run(script, host: host)))
    return host.shown
  }

  @Test("Sheets of drawn data have the pixels that were looked at", arguments: ["sprites", "streets"])
  func golden(name: String) throws {
    let script = "save (sheet (load \(name) each 3 seed 7 size 32) columns 10 scale 2) \"FOLDER/sheet.png\""
    let sprites = "save (sheet (load \(name) each 10 seed 7 size 32) columns 10 scale 2) \"FOLDER/sheet.png\""
    #expect(domain.isFinished(domain.run(name == "sprites" ? sprites : script)))
    let found = try PNG.decode(Files.read(Path.join(domain.folder, "sheet.png"))).bitmap
    let golden = Path.join(Path.parent(#filePath), "Golden/\(name).png")
    if Machine.environment("BVAE_RECORD") != nil { try Files.write(PNG.encode(found), to: golden) }
    let expected = try PNG.decode(Files.read(golden)).bitmap
    #expect(found == expected, "look at it, then record it anew with BVAE_RECORD=1")
  }

  @Test("Drawn datasets tell their labels, factors and values, also when sliced")
  func fields() {
    let lines = shown(
      """
      houses = load streets digits 1 count 30 seed 7
      print houses
      print houses.factors[0..2], length(houses.factorValues), length(houses.factorValues[0])
      slants = factor(houses, "slant")
      print factor(houses[5..9], "slant") == slants[5..9], min(slants) >= -0.12, max(slants) <= 0.3
      shapes = load sprites count 60 size 32 seed 7
      print shapes
      print (load sprites digits 2 count 9)[0]
      print shapes == (load sprites count 60 size 32 seed 7), shapes == (load sprites count 60 size 32 seed 8)
      print (load mnist count 3).factors
      """)
    #expect(
      lines == [
        "Synthetic streets train: 30 images of 32×32×3, digit 1", "[\"digit\", \"typeface\", \"size\"] 30 26",
        "true true true",
        "Synthetic sprites train: 60 images of 32×32×1, shapes square ellipse heart",
        "Synthetic sprites train, shape heart, image 0: 64×64×1", "true false", "[]",
      ], "\(lines)")
  }

  @Test("A dataset's factors draw its images again, and one factor varies alone")
  func again() {
    let lines = shown(
      """
      houses = load streets split test count 8 seed 3
      print (load streets from houses) == houses, (load streets from houses[2..3]) == houses[2..3]
      print (load streets from houses size 64)[0]
      leaning = load streets digits 4 vary "slant" count 5 seed 3
      print length(leaning), text(factor(leaning, "slant")[1], 3), factor(leaning, "digit")
      big = load sprites count 6 size 64
      print (load sprites from big) == big
      """)
    #expect(
      lines == [
        "true true", "Synthetic streets, image 0: 64×64×3", "5 -0.015 [4, 4, 4, 4, 4]",
        "true",
      ], "\(lines)")
  }

  @Test("The factors in a saved archive draw its images again, bit for bit", arguments: ["streets", "sprites"])
  func savedFactors(name: String) {
    let lines = shown(
      """
      original = load \(name) digits [1, 2] each 6 split test size 40 seed 11
      save original "FOLDER/saved.npz"
      read = load "FOLDER/saved.npz"
      again = load \(name) from "FOLDER/saved.npz"
      print again == original, read == original, again == read, (load \(name) from read[3..4]) == original[3..4]
      print again.height, read.factors == original.factors, read.factorValues == original.factorValues
      table (measure (vae for read channels 4) on read) caption "Read"
      """)
    #expect(Array(lines.prefix(2)) == ["true true true true", "40 true true"], "\(lines)")
    #expect(lines.contains("Read (synthetic \(name))"))
  }

  @Test("Whatever comes of synthetic data says so in its caption, and what does not does not")
  func captions() throws {
    let host = RecordingHost()
    let lines = shown(
      """
      houses = load streets digits 1 count 24 size 16
      model = vae for houses latents 2 channels 4
      figure (plot (train model on houses epochs 1 batch 8)) number 1 caption "Loss by epoch"
      rows = sweep model from houses[0] range prior steps 3
      figure (sheet rows[1]) number 2 caption "SVHN Single Digit Latent Z1"
      figure (diagram model) number 3
      figure (plot model.history) number 4 caption ""
      figure (sheet (sample model count 4)) number 5 caption "Drawn from the prior"
      figure (sheet (decode model (encode model houses[0..2]))) number 6 caption "Synthetic houses"
      table (measure model on houses) caption "Measured"
      save model "FOLDER/houses.safetensors"
      same = open "FOLDER/houses.safetensors"
      figure (diagram same part decoder) number 7 caption "Opened"
      digits = load mnist count 24
      other = vae for digits latents 2 channels 4
      train other on digits epochs 1
      figure (diagram other) number 8 caption "Real"
      figure (sheet (load sprites count 4)) number 9 caption "Shapes"
      report "FOLDER/report.md"
      """, host: host)
    func path(_ number: Int) -> String { Path.join(domain.folder, "Figures/figure-0\(number).png") }
    let captions = [
      1: "Loss by epoch (synthetic streets)", 2: "SVHN Single Digit Latent Z1 (synthetic streets)",
      3: "Encoder (synthetic streets)", 4: "Synthetic streets", 5: "Drawn from the prior (synthetic streets)",
      6: "Synthetic houses", 7: "Opened (synthetic streets)", 8: "Real", 9: "Shapes (synthetic sprites)",
    ]
    let report = try Files.readText(Path.join(domain.folder, "report.md"))
    for (number, caption) in captions {
      #expect(lines.contains("Figure \(number): \(caption): \(path(number))"), "\(number): \(lines)")
      let notes = try PNG.decode(Files.read(path(number))).text
      #expect(notes.contains { $0.value == "Figure \(number): \(caption)" })
      #expect(notes.contains { $0.key == "Data" } == (number != 8), "\(number)")
      #expect(report.contains("Figure \(number): \(caption)"))
    }
    #expect(lines.contains("Measured (synthetic streets)") && report.contains("Measured (synthetic streets)"))
    #expect(
      report.contains("Synthetic data, drawn by a program: ") && report.contains("Synthetic streets, train, 24 images;")
    )
  }

  @Test("A model trained on synthetic data later says so, one that was measured on them does not")
  func mixed() {
    let lines = shown(
      """
      digits = load mnist count 24
      shapes = load sprites count 24 size 28
      model = vae for digits latents 2 channels 4
      table (measure model on shapes) caption "A"
      table (measure model on digits) caption "B"
      train model on shapes epochs 1
      table (measure model on digits) caption "C"
      define show_it what
        figure (sheet what) number 1 caption "D"
      end
      both = [digits, shapes]
      show_it both[0]
      show_it both[1]
      """)
    for caption in ["A (synthetic sprites)", "B", "C (synthetic sprites)"] {
      #expect(lines.contains(caption), "\(caption)")
    }
    #expect(
      lines.contains { $0.hasPrefix("Figure 1: D: ") } && lines.contains { $0.hasPrefix("Figure 1: D (synthetic") })
  }

  @Test("Every type of objects that commands make of data remembers what is synthetic")
  func everyType() {
    for type in Vocabulary.full.objectTypes { #expect(type.isMarked, "\(type.name)") }
  }

  @Test("describe tells size, values, labels, factors, origin and licence, and shows a sheet")
  func describe() throws {
    let host = RecordingHost()
    let text = shown("describe (load streets digits [1, 7] each 40 seed 7)\ndescribe (load mnist count 5)", host: host)
      .joined(separator: "\n")
    for part in [
      "Synthetic streets train: 80 images of 32×32×3, digits 1 7", "values: 0.", "standard deviation 0.2",
      "drawn by bvae-script in the manner of SVHN", "synthetic, made by this program", "not taken from the world",
      "slant",
      "-0.12 to 0.3", "plate or framed plate", "MNIST train: 5 images", "CC BY-SA 3.0", "embedded sample",
    ] {
      #expect(text.contains(part), "\(part) in\n\(text)")
    }
    #expect(host.pictures.count == 2 && host.pictures[0].title.contains("60 images"))
    #expect(!text.contains("2 images of 32"))
  }

  @Test(
    "Mistakes say what was expected",
    arguments: [
      ("x = load streets size 30", "a multiple of 4"), ("x = load mnist grid", "only for what is drawn"),
      ("x = load streets size [32, 16]", "square"), ("x = load streets partial", "are drawn"),
      ("x = load streets grid", "only sprites"), ("x = load streets vary \"slnt\"", "there is no factor 'slnt'"),
      ("x = load sprites grid", "at most 524,288"), ("x = load streets from (load mnist count 2)", "has no factors"),
      ("x = load streets from (load sprites count 2)", "'digit', 'typeface'"),
      ("x = load streets count 2\ny = load streets from x seed 7", "'seed' chooses what is drawn"),
      ("x = factor(load_it, \"slant\")", "load_it"),
      ("x = load streets count 2\nprint factor(x, \"slent\")", "has no factor 'slent'"),
      ("x = load mnist count 2\nprint factor(x, \"slant\")", "has no factor 'slant'"),
      ("x = load streets digits 3 count 999999999", "699,050"), ("x = load sprites digits 5 count 2", "none"),
    ])
  func mistakes(script: String, part: String) {
    let message = domain.message(script)
    #expect(message != "finished" && message.contains(part), "\(message)")
  }
}
