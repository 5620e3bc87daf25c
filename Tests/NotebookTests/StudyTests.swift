import BVAENotebook
import BVAEPlatform
import Testing

/// `study`: every combination of models, options, datasets and seeds.
@Suite("Studies")
struct StudyTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func shown(_ script: String, _ host: RecordingHost = RecordingHost()) -> [String] {
    folder.shown(script, host: host).split(separator: "\n").map(String.init)
  }

  @Test("An option varies the models that have it; rows are in the order of data, models, options and seeds")
  func rows() {
    let lines = shown(
      """
      ones = load mnist digits 1 count 30
      twos = load mnist digits 2 count 30
      found = study gamma [10, 30] beta [1, 4] model ["vae", "factorvae"] latents 2 channels 2 on [ones, twos] epochs 1 seeds [3, 5]
      print found.table.columns[0..4], found.table.count, found.means.count, found.missing, length(found.keys)
      for i in [0, 1, 2, 4, 5, 8]
        print found.table.rows[i][0..4]
      end
      print found["seed"] == [3, 5, 3, 5, 3, 5, 3, 5, 3, 5, 3, 5, 3, 5, 3, 5]
      print found[4].kind, found[8].beta, found[1].seed, length(found.models)
      print found.means["models"], found.means["gamma"]
      """)
    #expect(lines[0] == "[\"model\", \"data\", \"gamma\", \"beta\", \"seed\"] 16 8 0 16")
    #expect(
      Array(lines[1...6]) == [
        "[\"vae\", \"MNIST train, digit 1\", \"\", 1, 3]", "[\"vae\", \"MNIST train, digit 1\", \"\", 1, 5]",
        "[\"vae\", \"MNIST train, digit 1\", \"\", 4, 3]", "[\"factorvae\", \"MNIST train, digit 1\", 10, \"\", 3]",
        "[\"factorvae\", \"MNIST train, digit 1\", 10, \"\", 5]", "[\"vae\", \"MNIST train, digit 2\", \"\", 1, 3]",
      ], "\(lines)")
    #expect(lines[7] == "true")
    #expect(lines[8] == "FactorVAE 1 5 16", "\(lines[8])")
    #expect(
      lines[9] == "[2, 2, 2, 2, 2, 2, 2, 2] [not a number, not a number, 10, 30, not a number, not a number, 10, 30]",
      "\(lines[9])")
  }

  @Test("A study's numbers are those of 'search' and of 'measure', its means those of its rows")
  func values() {
    let lines = shown(
      """
      shapes = load sprites count 300 size 32
      tests = load sprites count 200 size 32 skip 300
      searched = search beta [0.1, 0.2] latents 3 channels 4 on shapes test tests rate 0.005 epochs 4 seeds 2
      found = study beta [0.1, 0.2] latents 3 channels 4 on shapes test tests rate 0.005 epochs 4 seeds 2
      print [found[name] == column(searched.runs, name) for name in ["seed", "error", "loss", "active", "TC, shuffled", "MIG"]]
      measured = measure found.models on tests
      print max(abs(column(measured, "error") - found["error"])) < 0.005
      scored = measure found.models on tests scores
      print max(abs(column(scored, "MIG") - found["MIG"])) < 1e-12
      print max(abs(found.means["loss"] - [mean(found["loss"][0..1]), mean(found["loss"][2..3])])) < 1e-12
      print max(abs(found.means["MIG ±"] - column(searched.table, "MIG ±"))) < 1e-12
      print found.chart.height > found.chart.width
      """)
    #expect(lines == ["[true, true, true, true, true, true]", "true", "true", "true", "true", "true"], "\(lines)")
  }

  @Test("What is trained and measured is taken from the store, and only what is missing is done")
  func kept() throws {
    let script =
      "x = load mnist each 2\nfound = study beta [1, 2] latents 2 channels 2 on x epochs 1\nprint found.table\n"
    let first = RecordingHost(), second = RecordingHost(), third = RecordingHost()
    let shown = self.shown(script, first)
    #expect(
      first.notes.count { $0.hasPrefix("training beta") } == 2 && first.notes.count { $0.hasPrefix("trained") } == 2)
    #expect(self.shown(script, second) == shown)
    #expect(second.notes.isEmpty, "\(second.notes)")
    // What was measured is damaged once, and once of a model that is gone: both are made again.
    let numbers = Path.join(folder.path, "store/numbers"), names = try Files.list(numbers).sorted()
    try #require(names.count == 2)
    try Files.write("{\"run\": 3", to: Path.join(numbers, names[0]))
    try Files.remove(Path.join(folder.path, "store/\(names[1].prefix(16)).safetensors"))
    #expect(self.shown(script, third) == shown)
    #expect(third.notes.count { $0.contains("taken from the store") } == 1)
    #expect(third.notes.count { $0.hasPrefix("trained 1 epoch") } == 1, "\(third.notes)")
  }

  @Test("A training that fails stops no other, and stands in the table with its reason")
  func failing() {
    let script =
      "x = load mnist each 2\nfound = study rate [1e18, 0.001] latents 2 channels 2 on x epochs 3 PARTIAL\n"
      + "print found.table[\"missing because\"], found.missing, found.means[\"error\"][0], length(found.models)\nprint found[1].latents\nprint found[0]\n"
    let host = RecordingHost()
    let failed = shown(script.replacing("PARTIAL", with: ""), host).joined()
    #expect(failed.contains("1 of 2 models could not be trained: the loss is not a number"), "\(failed)")
    #expect(host.notes.contains { $0.hasPrefix("trained 3 epochs") })
    let lines = shown(script.replacing("PARTIAL", with: "partial"))
    #expect(lines[0].hasPrefix("[\"the loss is not a number") && lines[0].hasSuffix("1 not a number 1"), "\(lines[0])")
    #expect(lines[1] == "2" && lines[2].contains("this model is missing: the loss is not a number"), "\(lines)")
    let none = shown(script.replacing("[1e18, 0.001]", with: "1e18").replacing("PARTIAL", with: "partial")).joined()
    #expect(none.contains("the loss is not a number"), "\(none)")
  }

  @Test("Words vary too, and where no number varies the chart has a strip for each combination")
  func words() {
    let lines = shown(
      """
      x = load mnist each 2
      found = study likelihood ["gaussian", "bernoulli"] network ["mlp", "paper"] latents 2 on x epochs 1
      print found.table.columns[0..2], found["likelihood"], found["network"]
      print [m.likelihood for m in found.models]
      gan = study model infogan categories [4] noise [4, 8] continuous 1 channels 2 on x epochs 1 batch 10
      print gan.table.columns[0..1], gan["noise"], gan[1].categories
      print length(gan["L_cat"])
      """)
    #expect(
      lines[0].hasPrefix("[\"likelihood\", \"network\", \"seed\"] [\"gaussian\", \"gaussian\", \"bernoulli\""),
      "\(lines)")
    #expect(lines[1] == "[\"gaussian\", \"gaussian\", \"bernoulli\", \"bernoulli\"]")
    #expect(lines[2] == "[\"noise\", \"seed\"] [4, 8] [4]" && lines[3] == "2", "\(lines)")
  }

  @Test("Datasets of one title are told apart, sizes vary the networks that have them, and the table is saved")
  func names() throws {
    let lines = shown(
      """
      a = load mnist digits 1 count 20
      b = load mnist digits 1 count 30
      found = study network ["paper", "mlp"] channels [2, 3] hidden 8 latents 2 on [a, b] epochs 1
      print found["data"][0], found["data"][3]
      print found["network"][0..2], found["channels"][0..2]
      c = load mnist digits 1 count 20 skip 20
      named = study latents 2 channels 2 on [a, c] epochs 1
      print named["data"]
      save found "FOLDER/s.csv"
      print (open "FOLDER/s.csv")["network"] == found["network"]
      """.replacing("FOLDER", with: folder.path))
    #expect(lines[0] == "MNIST train, digit 1, 20 images MNIST train, digit 1, 30 images", "\(lines)")
    #expect(lines[1] == "[\"paper\", \"paper\", \"mlp\"] [2, 3, not a number]", "\(lines)")
    #expect(lines[2] == "[\"MNIST train, digit 1 (1)\", \"MNIST train, digit 1 (2)\"]")
    #expect(lines.last == "true", "\(lines)")
  }

  @Test("With 'partial' what cannot be made is a row with its reason; a model that cannot be stored is kept")
  func unmade() throws {
    let lines = shown(
      """
      small = load sprites count 12 size 16
      large = load mnist digits 1 count 12
      found = study model ["vae", "infogan"] latents 2 channels 2 on [small, large] epochs 1 batch 6 partial
      print found.missing, found["missing because"][1]
      print [m.kind for m in found.models]
      """)
    #expect(lines[0].hasPrefix("1 ") && lines[0].contains("28×28"), "\(lines)")
    #expect(lines[1] == "[\"β-VAE\", \"β-VAE\", \"InfoGAN\"]", "\(lines)")
    // A file where the store should be.
    var options = NotebookOptions()
    options.storeFolder = try folder.write("occupied", "")
    let told = run(
      "x = load mnist digits 1 count 12\nf = study latents 2 channels 2 on x epochs 1\nprint f[0].latents, f.missing\n",
      options: options)
    #expect(told == "2 0", "\(told)")
  }

  @Test("What cannot be is refused in words before anything is trained")
  func wrong() {
    let cases = [
      ("study beta [1, 1] on x", "'beta' has 1 twice"),
      ("study beta [] on x", "'beta' is empty"),
      ("study beta [1, -1] on x", "takes a number of 0 or more"),
      ("study model [\"vae\", \"tcvae\"] gamma 3 on x", "models made by 'vae' or 'tcvae' have no 'gamma'"),
      ("study model [\"vae\", 3] on x", "takes"),
      ("study likelihood [\"gaussian\", \"cauchy\"] on x", "takes"),
      ("study on [x, 3]", "takes datasets"),
      ("study on []", "this list has no datasets"),
      ("study on x test [x, x]", "there are 2 datasets to measure on for 1 to train on"),
      ("study seed 3 seeds 1..2 on x", "'seed' sets the first seed"),
      ("study beta 1..400 rate [0.1, 0.2, 0.3] seeds 1..100 on x", "a study has at most 100,000 models"),
      ("study network [\"paper\"] hidden 9 on x", "network paper has no 'hidden'"),
      ("study model [] on x", "this list names no kind of model"),
      ("study model [\"vae\", \"vae\"] on x", "'model' has vae twice"),
      ("study on [x, x]", "MNIST train is there twice"),
      ("study on x test []", "this list has no datasets"),
      ("study on x test (load sprites count 3 size 16)", "these images are 16×16×1, and those to train on 28×28×1"),
      ("study seed 9007199254740991 seeds 3 on x", "the largest seed"),
    ]
    for (call, expected) in cases {
      let told = shown("x = load mnist count 9\nf = \(call) epochs 1\n").joined(separator: " ")
      #expect(told.contains(expected), "\(call): \(told)")
    }
  }
}
