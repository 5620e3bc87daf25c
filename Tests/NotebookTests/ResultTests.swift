import BVAELanguage
import BVAENotebook
import BVAEPlatform
import BVAERendering
import BetaVAE
import Testing

/// What scripts give out, held against values that come from elsewhere: the model's own codes, the history, a chart made
/// by hand.
@Suite("What the results of scripts say")
struct ResultTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What a script shows; FOLDER stands for the test's folder.
  private func shown(_ script: String) -> [String] {
    var options = NotebookOptions()
    options.figuresFolder = Path.join(folder.path, "Figures")
    options.storeFolder = Path.join(folder.path, "store")
    options.threads = 2
    let host = RecordingHost(), text = script.replacing("FOLDER", with: folder.path)
    let outcome = Session.full(host: host, options: options).run(Source(name: "test.bvs", text: text))
    return host.shown + ending(outcome)
  }

  private func picture(_ name: String) throws -> Bitmap {
    try PictureFile.read(Path.join(folder.path, name)).bitmap.colored
  }

  /// Where a small picture stands in a large one: the column and row of each place, line by line.
  private func places(of part: Bitmap, in whole: Bitmap) -> [Point] {
    var found: [Point] = []
    for y in 0...whole.height - part.height {
      for x in 0...whole.width - part.width {
        let isHere = (0..<part.height).allSatisfy { row in
          let start = ((y + row) * whole.width + x) * 3
          return whole.bytes[start..<start + part.width * 3]
            .elementsEqual(part.bytes[row * part.width * 3..<(row + 1) * part.width * 3])
        }
        if isHere { found.append(Point(x, y)) }
      }
    }
    return found
  }

  @Test("A sheet of a sweep shows the image, its reconstruction, and each latent decoded at each of its values")
  func sweepSheet() throws {
    let lines = shown(
      """
      digits = load mnist count 200
      tests = load mnist split test count 3
      model = vae for digits latents 2 channels 8 beta 0.2 seed 3
      train model on digits epochs 6 batch 10 rate 0.002
      rows = sweep model from tests[0] range -2..1 steps 4
      save (sheet rows scale 1) "FOLDER/sheet.png"
      save (sheet rows[1] scale 1) "FOLDER/one.png"
      save tests[0] "FOLDER/image.png"
      code = (encode model tests[0]).mean[0]
      save (decode model code)[0] "FOLDER/reconstruction.png"
      for step in 0..3
        save (decode model [step - 2, code[1]])[0] "FOLDER/0-{step}.png"
        save (decode model [code[0], step - 2])[0] "FOLDER/1-{step}.png"
      end
      print rows.values
      """)
    #expect(lines == ["[[-2, -1, 0, 1], [-2, -1, 0, 1]]"])
    let sheet = try picture("sheet.png"), one = try picture("one.png")
    let image = try picture("image.png"), reconstruction = try picture("reconstruction.png")
    let frames = try (0..<2).map { latent in try (0..<4).map { try picture("\(latent)-\($0).png") } }
    // Only where all differ does a place say which it is.
    #expect(Set([image, reconstruction] + frames.joined()).count == 10)
    func place(_ part: Bitmap, _ whole: Bitmap) throws -> Point {
      let found = places(of: part, in: whole)
      try #require(found.count == 1)
      return found[0]
    }
    let start = try place(image, sheet), again = try place(reconstruction, sheet)
    let all = try frames.map { try $0.map { try place($0, sheet) } }
    #expect(start.x == again.x && start.y < again.y)
    for row in all {
      #expect(row.allSatisfy { $0.y == row[0].y } && row.map(\.x) == row.map(\.x).sorted())
      #expect(row[0].x > start.x)
    }
    #expect(all[0][0].y < all[1][0].y && all[0].map(\.x) == all[1].map(\.x))
    // One latent by itself: the references stand side by side in its row.
    let single = try ([image, reconstruction] + frames[1]).map { try place($0, one) }
    #expect(single.map(\.x) == single.map(\.x).sorted())
    #expect(places(of: frames[0][0], in: one).isEmpty)
  }

  /// A column of the history that a script has saved.
  private func column(_ name: String) throws -> [Double] {
    let rows = try Files.readText(Path.join(folder.path, "history.csv")).split(separator: "\r\n")
    let place = try #require(rows[0].split(separator: ",").firstIndex { $0 == name })
    return try rows.dropFirst().map { row in
      try #require(Double(String(row.split(separator: ",", omittingEmptySubsequences: false)[place])))
    }
  }

  @Test("The chart of a training has the losses of the history over the epochs from 1 on")
  func lossChart() throws {
    let lines = shown(
      """
      ones = load mnist digits 1 count 40
      tests = load mnist split test digits 1 count 10
      model = vae for ones latents 2 channels 4 beta 3
      history = train model on ones epochs 4 batch 8 validate tests
      save (plot history title "Course") "FOLDER/chart.png"
      save (plot history title "Course" logarithmic) "FOLDER/logarithmic.png"
      save history "FOLDER/history.csv"
      table (measure model on ones)
      """)
    let loss = try column("loss"), reconstruction = try column("error"), divergence = try column("KL")
    #expect(try column("epoch") == [1, 2, 3, 4])
    // What the columns are, by the objective: the loss counts the divergence three times, the divergence is the latents'.
    for epoch in 0..<4 {
      #expect(abs(loss[epoch] - reconstruction[epoch] - 3 * divergence[epoch]) < 1e-6 * loss[epoch])
      let latents = try column("KL Z0")[epoch] + column("KL Z1")[epoch]
      #expect(divergence[epoch] > 0 && abs(divergence[epoch] - latents) < 1e-9 * divergence[epoch])
    }
    let xs = [1.0, 2, 3, 4]
    var chart = LineChart(
      title: "Course", subtitle: lines.first, xLabel: "epoch", yLabel: "mean over the images",
      series: [
        .init(name: "loss", xs: xs, ys: loss), .init(name: "reconstruction error", xs: xs, ys: reconstruction),
        .init(name: "β · KL divergence", xs: xs, ys: zip(loss, reconstruction).map(-)),
        .init(name: "validation loss", xs: xs, ys: try column("validation loss"), dashed: true, colorIndex: 0),
      ])
    #expect(try picture("chart.png") == chart.render())
    chart.logarithmic = true
    #expect(try picture("logarithmic.png") == chart.render())
  }

  @Test("What an objective tells beside the loss is drawn with the KL divergence on a scale of its own")
  func termsChart() throws {
    let lines = shown(
      """
      ones = load mnist digits 1 count 40
      model = capacityvae for ones latents 2 channels 4 capacity 3 steps 15 gamma 10
      history = train model on ones epochs 4 batch 8
      save (plot history) "FOLDER/chart.png"
      save history "FOLDER/history.csv"
      table (measure model on ones)
      """)
    // C(t) = 3 min(1, t / 15), its mean over the epochs' five steps.
    for (found, wanted) in zip(try column("capacity"), [0.6, 1.6, 2.6, 3]) { #expect(abs(found - wanted) < 1e-6) }
    let xs = [1.0, 2, 3, 4]
    func chart(_ title: String, _ subtitle: String?, _ names: [String]) throws -> LineChart {
      LineChart(
        title: title, subtitle: subtitle, xLabel: "epoch", yLabel: "mean over the images",
        series: try names.map { name in
          .init(name: name == "error" ? "reconstruction error" : name, xs: xs, ys: try column(name))
        })
    }
    let upper = try chart("Loss by epoch", lines.first, ["loss", "error"])
    let lower = try chart("KL divergence, capacity and distance", nil, ["KL", "capacity", "distance"])
    #expect(try picture("chart.png") == ChartGrid([upper, lower], columns: 1).render())
  }

  @Test("Each seed is its own: the script's, the model's and the training's, in the results and in the provenance")
  func seeds() throws {
    func trained(_ model: String, _ training: String, script: Int = 11) -> (before: String, after: String) {
      let lines = shown(
        """
        set seed \(script)
        ones = load mnist digits 1 count 24
        model = vae for ones latents 2 channels 4 \(model)
        print model.fingerprint
        train model on ones epochs 1 batch 8 \(training)
        print model.fingerprint
        figure (sheet ones[0..3]) "FOLDER/sheet.png"
        report "FOLDER/report.md"
        """)
      return (lines.first ?? "", lines.count > 1 ? lines[1] : "")
    }
    let first = trained("seed 3", "seed 5")
    let report = try Files.readText(Path.join(folder.path, "report.md"))
    #expect(report.contains("| Seed of the script | 11 |"))
    #expect(report.contains("seed of the weights 3, ") && report.contains(", seed 5"))
    let notes = try PNG.decode(Files.read(Path.join(folder.path, "sheet.png"))).text
    #expect(notes.first { $0.key == "Script seed" }?.value == "11")
    #expect(trained("seed 3", "seed 5").after == first.after)
    let otherTraining = trained("seed 3", "seed 6"), otherModel = trained("seed 4", "seed 5")
    #expect(otherTraining.before == first.before && otherTraining.after != first.after)
    #expect(otherModel.before != first.before && otherModel.after != first.after)
    // Without seeds of their own, both take the script's.
    let plain = trained("", "", script: 3), named = trained("seed 3", "seed 3", script: 4)
    #expect(plain.before == named.before && plain.after == named.after)
    #expect(plain.before == first.before && plain.after != first.after)
  }

  @Test("Samples follow from their seed, or from the script's")
  func samples() {
    let lines = shown(
      """
      ones = load mnist count 3
      model = vae for ones latents 2 channels 4
      print (sample model count 2 seed 1) == (sample model count 2 seed 1)
      print (sample model count 2 seed 1) == (sample model count 2 seed 2)
      unnamed = sample model count 2
      set seed 2
      print (sample model count 2) == (sample model count 2 seed 2), unnamed == (sample model count 2)
      print (sample model count 5).count
      """)
    #expect(lines == ["true", "false", "true false", "5"])
  }

  @Test("A latent is in use where the variance of its mean is above 0.01, in every table alike")
  func activity() throws {
    let path = Path.join(folder.path, "model.safetensors"), wanted: [Float] = [0.008, 0.0125, 0.04]
    let data = "digits = load mnist count 60\n"
    let before = shown(
      data + "model = vae for digits latents 3 channels 4 seed 3\nsave model \"FOLDER/model.safetensors\"\n"
        + "for v in (encode model digits).variance\n  print v\nend")
    let variances = before.compactMap(Float.init)
    try #require(variances.count == 3 && variances.allSatisfy { $0 > 0 })
    // The weights of the means are scaled, so that the variances are those.
    var file = try Safetensors(bytes: Files.read(path))
    var weights = try #require(file.tensors["encoder.mean.weight"])
    let size = weights.values.count / 3
    for k in 0..<3 {
      let factor = (wanted[k] / variances[k]).squareRoot()
      for i in k * size..<(k + 1) * size { weights.values[i] *= factor }
    }
    file.tensors["encoder.mean.weight"] = weights
    try Files.write(try file.encoded(), to: path)
    let after = shown(
      data + """
        model = open "FOLDER/model.safetensors"
        latents = measure model on digits latents
        all = measure model on digits
        print column(latents, "state")
        print column(all, "active")[0]
        print column(latents, "variance of mean") == (encode model digits).variance
        """)
    #expect(after == ["[\"inactive\", \"active\", \"active\"]", "2 of 3", "true"])
  }

  @Test("'measure' gives the codes' divergence, the error of an image and of a value, and their sum with β")
  func measured() {
    let lines = shown(
      """
      ones = load mnist digits 1 count 40
      model = vae for ones latents 2 channels 4 beta 3
      train model on ones epochs 2 batch 20
      found = measure model on ones
      kl = column(found, "KL")[0]
      error = column(found, "error")[0]
      print kl > 0, abs(kl - sum((encode model ones).divergence)) < 0.000001 * kl
      print abs(column(found, "loss")[0] - error - 3 * kl) < 0.000001 * error
      print abs(column(found, "per value")[0] * 784 - error) < 0.000001 * error, column(found, "images")[0]
      each = measure model on ones latents
      print abs(sum(column(each, "KL")) - kl) < 0.000001 * kl
      """)
    #expect(lines == ["true true", "true", "true 40", "true"])
  }

  @Test("A code is saved with its means, as float32 in NumPy's form")
  func codes() throws {
    let lines = shown(
      """
      ones = load mnist digits 1 count 3
      model = vae for ones latents 2 channels 4
      code = encode model ones
      save code "FOLDER/code.npy"
      for row in code.mean
        for value in row
          print value
        end
      end
      """)
    let bytes = try Files.read(Path.join(folder.path, "code.npy")).suffix(24)
    let values = stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map { place in
      Float(bitPattern: bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
    #expect(lines.count == 6)
    for (text, value) in zip(lines, values) {
      let printed = try #require(Float(text))
      #expect(abs(printed - value) <= 1e-5 * abs(value))
    }
  }
}
