import BVAELanguage
import BVAENotebook
import BVAEPlatform
import BVAERendering
import BetaVAE
import Testing

/// `interpret`, `measure … scores` and `search` in scripts: what their tables hold and what they say.
@Suite("Experiments in scripts")
struct ExperimentTests {
  /// What a script shows, with tables and models in a folder of its own.
  private func shown(_ script: String, _ host: RecordingHost = RecordingHost()) throws -> [String] {
    let folder = try TemporaryFolder()
    var options = NotebookOptions()
    options.storeFolder = Path.join(folder.path, "store")
    options.figuresFolder = Path.join(folder.path, "Figures")
    options.threads = 2
    let text = script.split(separator: "FOLDER", omittingEmptySubsequences: false).joined(separator: folder.path)
    let outcome = Session.full(host: host, options: options).run(Source(name: "test.bvs", text: text))
    return host.shown + ending(outcome)
  }

  @Test("The interpretation of known data has its columns by name, a row a latent, and a sentence in each")
  func interpretation() throws {
    let lines = try shown(
      """
      houses = load streets digits 3 count 60 size 16
      model = vae for houses latents 3 channels 4 beta 0.5 seed 2
      train model on houses epochs 4 batch 10
      found = interpret model on houses images 6 steps 5
      print found.columns
      print column(found, "latent"), length(column(found, "KL")), column(found, "KL") == column(found, "KL (nats)")
      for k in 0..2
        print found.rows[k][0], length(column(found, "in words")[k]) > 10
      end
      print (interpret model on houses measures images 6 steps 5).columns
      """)
    #expect(
      lines[0]
        == "[\"latent\", \"KL (nats)\", \"state\", \"changes\", \"from\", \"to\", \"unit\", \"r\", \"ρ\", \"purity\", "
        + "\"pure\", \"low\", \"high\", \"factor\", \"with factor\", \"agrees\", \"in words\"]")
    #expect(lines[1] == "[\"Z0\", \"Z1\", \"Z2\"] 3 true")
    #expect(Array(lines[2...4]) == ["Z0 true", "Z1 true", "Z2 true"])
    #expect(
      lines[5]
        == "[\"latent\", \"measure\", \"from\", \"to\", \"unit\", \"r\", \"ρ\", \"spreads\", \"explains\"]")
  }

  @Test("Where factors are not known, nothing is said of them; an untrained model's latents are still measured")
  func unknownFactors() throws {
    let lines = try shown(
      """
      ones = load mnist digits 1 count 40
      model = autoencoder for ones latents 2 channels 4
      found = interpret model on ones images 4 steps 3
      print length(found.columns), column(found, "KL")
      print column(found, "factor")
      """)
    #expect(lines[0] == "14 [\"\", \"\"]")
    #expect(lines[1].contains("the table has no column 'factor'") && lines[1].contains("latent"), "\(lines[1])")
  }

  @Test("Scores have their intervals and what shuffled codes score; what cannot be scored says why")
  func scores() throws {
    let lines = try shown(
      """
      shapes = load sprites count 420 size 16
      model = vae for shapes latents 3 channels 4 beta 0.5
      train model on shapes epochs 2 batch 20
      found = measure model on shapes scores
      print found.columns
      print column(found, "score")
      for row in found.rows
        if row[1] == "n/a"
          print row[0], row[5]
        else if row[0] == "MIG (exact densities)" or row[0] == "modularity" or row[0] == "explicitness"
          print row[0], row[1] > 0 and row[1] < 1 and row[4] >= 0 and row[4] <= 1
        else
          print row[1] >= 0 and row[1] <= 1 and row[2] <= row[1] and row[1] <= row[3] and row[4] >= 0 and row[4] <= 1
        end
      end
      """)
    #expect(
      lines[0]
        == "[\"score\", \"value\", \"from\", \"to\", \"shuffled\", \"not available because\"]")
    #expect(
      lines[1]
        == "[\"β-VAE score\", \"FactorVAE score\", \"MIG\", \"MIG (exact densities)\", \"SAP\", \"SAP (r²)\", "
        + "\"DCI disentanglement\", \"DCI completeness\", \"DCI informativeness\", "
        + "\"DCI disentanglement (regression)\", \"DCI completeness (regression)\", "
        + "\"DCI informativeness (regression)\", \"modularity\", \"explicitness\"]")
    try #require(lines.count == 16, "\(lines)")
    #expect(
      lines[2]
        == "β-VAE score it needs 2,000 images (there are 420): 50 for each of the 40 levels of 'orientation'")
    // Ten images for each of forty levels are enough for MIG and SAP.
    #expect(Array(lines[4...7]) == ["true", "MIG (exact densities) true", "true", "true"])
    #expect(lines[8].hasPrefix("DCI disentanglement it needs 2,000 images (there are 420)"))
    #expect(Array(lines[14...]) == ["modularity true", "explicitness true"])
    let single = try shown(
      "x = load sprites count 60 size 16\n"
        + "found = measure (vae for x latents 1 channels 4) on x scores\nprint column(found, \"not available because\")"
    )
    #expect(single.joined().contains("a single latent cannot separate factors"))
    let one = try shown(
      "x = load sprites count 60 size 16 vary \"x\"\n"
        + "found = measure (vae for x latents 3 channels 4) on x scores\nprint column(found, \"not available because\")"
    )
    #expect(one.joined().contains("only 'x' varies over the images; scores need two factors"))
    let refused = try shown("x = load mnist count 60\nprint (measure (vae for x channels 4) on x scores)")
    #expect(refused.joined().contains("'streets' and 'sprites' have known factors"))
  }

  @Test("Ordinary measures have their columns, of the model and of its latents")
  func measures() throws {
    let lines = try shown(
      """
      ones = load mnist digits 1 count 40
      model = vae for ones latents 2 channels 4
      train model on ones epochs 1 batch 20
      print (measure model on ones).columns
      print (measure model on ones latents).columns
      measured = measure model on ones
      print abs(column(measured, "loss")[0] - column(measured, "error")[0] - 4 * column(measured, "KL")[0]) < 0.001
      print column(measured, "KL")[0] > 0, abs(column(measured, "KL")[0] - sum(column((measure model on ones latents), "KL"))) < 0.001
      print abs(column(measured, "per value")[0] * 784 - column(measured, "error")[0]) < 0.001
      """)
    #expect(
      lines[0]
        == "[\"data\", \"images\", \"error\", \"per value\", \"KL (nats)\", \"loss\", \"ELBO, σ² = ½ (nats)\", "
        + "\"ELBO, best σ² (nats)\", \"TC, mixture (nats)\", \"TC, shuffled (nats)\", "
        + "\"TC, Gaussian fit (nats)\", \"MI, mixture (nats)\", \"DW, mixture (nats)\", \"active\"]")
    #expect(lines[1] == "[\"latent\", \"KL (nats)\", \"variance of mean\", \"state\", \"from\", \"to\"]")
    #expect(Array(lines[2...]) == ["true", "true true", "true"])
  }

  @Test("What cannot be meant is n/a, with the reason below the table")
  func notAvailable() throws {
    let lines = try shown(
      """
      ones = load mnist digits 1 count 40
      show (measure (vae for ones latents 2 channels 4 likelihood bernoulli) on ones)
      show (measure (autoencoder for ones latents 2 channels 4) on ones)
      """)
    #expect(
      lines[0].contains("n/a") && lines[0].contains("No ELBO: some values lie between 0 and 1, and the cross-entropy"),
      "\(lines[0])")
    #expect(lines[1].contains("n/a") && !lines[1].contains("No ELBO"), "\(lines[1])")
  }

  @Test("A search gives its table, chart, values, models and a recommendation with its reason")
  func search() throws {
    let host = RecordingHost()
    let lines = try shown(
      """
      ones = load mnist digits 1 count 60
      found = search latents [2, 1, 3] beta 0.01 on ones epochs 6 batch 5 channels 4 rate 0.005
      print found.values, length(found.models), found.models[1].latents, found.models[2].latents
      print found.table.columns
      print column(found.table, "latents"), found.recommended == found.model.latents, length(found.reason) > 20
      print found.chart.width > 400
      measured = measure found.models[0] on ones
      print abs(column(measured, "loss")[0] - column(found.table, "loss")[0]) < 0.001
      betas = search beta [0.01, 100] latents 2 on ones epochs 6 batch 5 channels 4 rate 0.005
      print betas.values, betas.models[1].beta, column(betas.table, ""), betas.collapsed, betas.recommended
      print betas.reason
      figure betas.chart caption "β"
      table betas.table
      report "FOLDER/report.md"
      """, host)
    #expect(lines[0] == "[2, 1, 3] 3 1 3")
    #expect(
      lines[1]
        == "[\"latents\", \"error\", \"KL (nats)\", \"loss\", \"active\", \"ELBO, σ² = ½ (nats)\", \"ELBO, best σ² (nats)\", "
        + "\"TC, mixture (nats)\", \"TC, shuffled (nats)\", \"TC, Gaussian fit (nats)\", \"\"]")
    #expect(lines[2] == "[2, 1, 3] true true")
    #expect(lines[3] == "true" && lines[4] == "true")
    #expect(lines[5] == "[0.01, 100] 100 [\"recommended\", \"no latent in use\"] [100] 0.01")
    #expect(lines[6].contains("excluded: β 100 (no latent in use)") && lines[6].contains("This rests on one seed"))
    // Which model is being trained; and no advice for each of them.
    #expect(host.notes.contains("training with β 100, 2 of 2"))
    #expect(!host.notes.contains { $0.contains("try a lower beta") })
    let failed = try shown("x = load mnist count 60\ny = search beta [1, 2] latents 2..3 on x epochs 1")
    #expect(failed.joined().contains("search one of them and keep the other at one value"))
  }

  @Test("A search goes over the settings of every kind of model, and refuses those that a kind does not have")
  func otherModels() throws {
    let host = RecordingHost()
    let lines = try shown(
      """
      ones = load mnist digits 1 count 40
      c = search model capacityvae capacity [0.5, 2] gamma 10 steps 4 latents 2 on ones epochs 2 batch 20 channels 4
      print c.values, c.models[1].kind, c.table.columns[0], column(c.runs, "C")
      m = capacityvae for ones latents 2 capacity 2 gamma 10 steps 4 channels 4
      train m on ones epochs 2 batch 20
      print m.fingerprint == c.models[1].fingerprint
      t = search beta [1, 3] model tcvae latents 2 on ones epochs 2 batch 20 channels 4
      print t.values, t.models[1].kind, t.models[1].beta
      d = search model dipvae kind 2 offdiagonal [1, 5] latents 2 on ones epochs 2 batch 20 channels 4
      print d.values, d.models[0].kind, d.table.columns[0]
      a = search model autoencoder latents 1..2 on ones epochs 2 batch 20 channels 4
      print a.values, a.models[0].kind
      g = search model "capacityvae" gamma 30 on ones epochs 2 batch 20 channels 4
      print g.values, g.table.columns[0]
      f = search model factorvae gamma [1, 20] critic 8 latents 2 on ones epochs 2 batch 20 channels 4
      print f.values, f.models[0].kind, f.table.columns[0]
      shapes = load sprites count 40 size 16
      i = search model dcign factors ["x", "y"] latents 2..3 on shapes epochs 1 batch 20 channels 4
      print i.values, i.models[1].kind, i.table.columns[0]
      """, host)
    #expect(lines[0] == "[0.5, 2] capacity-annealed VAE C [0.5, 2]", "\(lines)")
    #expect(lines[1] == "true" && lines[2] == "[1, 3] β-TCVAE 3" && lines[3].hasPrefix("[1, 5] DIP-VAE-II λ_od"))
    #expect(lines[4] == "[1, 2] autoencoder" && lines[5] == "[30] γ")
    #expect(lines[6] == "[1, 20] FactorVAE γ" && lines[7] == "[2, 3] DC-IGN latents", "\(lines)")
    #expect(host.notes.contains("training with C 2, 2 of 2") && host.notes.contains("training with λ_od 5, 2 of 2"))
    for (wrong, message) in [
      ("gamma 3", "models made by 'vae' have no 'gamma'"),
      ("gamma 3", "write model capacityvae or model factorvae for it"),
      ("model autoencoder beta [1, 2]", "write model vae or model tcvae for it"),
      ("model capacityvae gamma [1, 2] capacity [1, 2]", "both 'gamma' and 'capacity' have several values"),
      ("model dipvae offdiagonal [-1, 2]", "'offdiagonal' of 'search' takes a number of 0 or more; this is -1"),
      ("model capacityvae warmup 1", "has no weight for a warm-up to raise"),
      ("beta [1, 2] ratewarmup 3", "a warm-up of 3 epochs is longer than the training of 2"),
      ("beta [1, 2] clip 0", "'clip'"), ("beta [1, 2] decay exponential", "decay"),
    ] {
      let told = try shown("x = load mnist count 9\ny = search \(wrong) on x latents 2 epochs 2 channels 4").joined()
      #expect(told.contains(message), "\(wrong): \(told)")
    }
  }

  @Test("A search goes over any number that a model or its training takes")
  func anyNumber() throws {
    let host = RecordingHost()
    let lines = try shown(
      """
      ones = load mnist digits 1 count 40
      c = search channels [2, 4] latents 2 beta 0.01 on ones epochs 6 batch 5 rate 0.005
      print c.values, c.models[1].channels, c.table.columns[0], c.recommended == c.model.channels
      r = search rate [0.001, 0.01] latents 2 beta 0.01 channels 2 on ones epochs 2 batch 5
      print r.values, r.table.columns[0], length(r.reason) > 20
      e = search epochs 1..2 latents 2 channels 2 on ones batch 20
      print e.values, length(e.models[1].history.loss), column(e.runs, "epochs")
      """, host)
    #expect(lines[0] == "[2, 4] 4 channels true", "\(lines)")
    #expect(lines[1] == "[0.001, 0.01] rate true", "\(lines)")
    #expect(lines[2] == "[1, 2] 2 [1, 2]", "\(lines)")
    #expect(host.notes.contains("training with rate 0.01, 2 of 2"))
    #expect(host.notes.contains("training with epochs 2, 2 of 2"))
    for (wrong, message) in [
      ("latents [2, 2000]", "takes a whole number from 1 to"), ("rate [0.1, 0]", "takes a number above 0"),
      ("epochs []", "'epochs' is empty"), ("epochs [1, 2] warmup 2", "a warm-up of 2 epochs is longer"),
      ("epochs [1, 2] channels 2..3", "both 'channels' and 'epochs' have several values"),
      ("network mlp channels [2, 3]", "network mlp has no 'channels'"),
    ] {
      let told = try shown("x = load mnist count 9\ny = search \(wrong) on x").joined()
      #expect(told.contains(message), "\(wrong): \(told)")
    }
  }

  @Test("Three models that differ in the seed are ranked without factors, in a list and in a search")
  func ranking() throws {
    let lines = try shown(
      """
      ones = load mnist digits 1 count 60
      found = search beta [0.01, 0.02] latents 3 on ones epochs 6 batch 5 channels 4 rate 0.005 seeds 3
      print found.table.columns
      three = [found.models[3], found.models[4], found.models[5]]
      ranked = measure three on ones udr
      print ranked.columns, column(ranked, "seed"), length(ranked.rows)
      print column(ranked, "UDR (lasso)")[1] == column(found.runs, "UDR (lasso)")[4], column(ranked, "UDR (lasso)")[1] > 0
      """)
    #expect(lines[0].contains("\"UDR (lasso)\", \"UDR (lasso) ±\", \"UDR (Spearman)\""), "\(lines)")
    #expect(lines[1] == "[\"model\", \"seed\", \"UDR (lasso)\", \"UDR (Spearman)\"] [1, 2, 3] 3", "\(lines)")
    #expect(lines[2] == "true true", "\(lines)")
    for (wrong, message) in [
      ("measure [m, m] on x udr", "UDR compares 3 models or more, which differ in the seed alone; these are 2"),
      ("measure m on x udr", "this is one"),
      ("measure [a, a, a] on x udr", "UDR goes by the KL divergence of latents, and"),
      ("measure [m, m, m] on x udr scores", "'scores' and 'udr' give different tables"),
    ] {
      let told = try shown(
        "x = load mnist count 9\nm = vae for x channels 2\na = autoencoder for x channels 2\nshow (\(wrong))"
      ).joined()
      #expect(told.contains(message), "\(wrong): \(told)")
    }
  }

  @Test("A search of InfoGANs compares what Q tells and how its categories go with the labels")
  func generators() throws {
    let host = RecordingHost()
    let lines = try shown(
      """
      digits = load mnist digits [0, 1] count 60
      found = search lambda [0, 1] model infogan categories [2] continuous 1 noise 4 channels 2 on digits epochs 2 batch 20 seeds 1..2
      print found.values, length(found.models), found.models[3].kind
      print found.table.columns
      m = infogan for digits categories [2] continuous 1 noise 4 channels 2 lambda 1 seed 2
      train m on digits epochs 2 batch 20 seed 2
      print m.fingerprint == found.models[3].fingerprint
      told = measure m on digits seed 2
      print column(told, "L_cat")[0] == column(found.runs, "L_cat")[3], column(told, "error of Z0")[0] == column(found.runs, "error of Z0")[3]
      print found.chart.width > 400
      print found.reason
      plain = search continuous [1, 2] model infogan categories [2] noise 4 channels 2 on (load sprites size 28 count 30) epochs 1 batch 10
      print plain.table.columns[0], plain.reason
      """, host)
    #expect(lines[0] == "[0, 1] 4 InfoGAN", "\(lines)")
    #expect(
      lines[1]
        == "[\"λ\", \"L_cat (nats)\", \"L_cat ± (nats)\", \"L_cont (nats)\", \"L_cont ± (nats)\", "
        + "\"entropy of Z0 (nats)\", \"entropy of Z0 ± (nats)\", \"error of Z0\", \"error of Z0 ±\", "
        + "\"error of Z0, commonest\", \"error of Z0, commonest ±\", \"active\", \"active ±\", \"\"]", "\(lines)")
    #expect(lines[2] == "true" && lines[3] == "true true" && lines[4] == "true", "\(lines)")
    #expect(lines[5].contains("error of Z0") || lines[5].contains("no latent"), "\(lines)")
    #expect(lines[6].hasPrefix("continuous ") && lines[6].contains("at any value of continuous tried"), "\(lines)")
    for (wrong, message) in [
      ("latents 3", "models made by 'infogan' have no 'latents'"),
      ("network mlp", "models made by 'infogan' have no 'network'"), ("lambda [-1, 2]", "takes a number of 0 or more"),
      ("warmup 1", "has no weight for a warm-up to raise"),
    ] {
      let told = try shown("x = load mnist count 9\ny = search model infogan \(wrong) on x epochs 1").joined()
      #expect(told.contains(message), "\(wrong): \(told)")
    }
  }

  @Test("Every kind of model takes every network, which is drawn, saved, opened and searched with")
  func networks() throws {
    let folder = try TemporaryFolder()
    for (index, network) in [
      "network paper channels 4", "network burgess channels 3 hidden 10", "network mlp hidden 11",
      "network ign channels 4",
    ]
    .enumerated() {
      let kind = ["tcvae", "dipvae", "autoencoder", "vae"][index], path = Path.join(folder.path, "\(index).safetensors")
      let host = RecordingHost()
      let lines = try shown(
        """
        x = load sprites size 16 count 40
        m = \(kind) for x latents 2 \(network) likelihood bernoulli
        train m on x epochs 2 batch 20
        print m.network, m.channels, m.hidden
        save m "\(path)"
        o = open "\(path)"
        print o.fingerprint == m.fingerprint, o.network
        show (diagram m part decoder)
        c = search latents 1..2 \(network) likelihood bernoulli on x epochs 1 batch 20
        print c.models[1].network
        """, host)
      let name = ["paper", "burgess", "mlp", "ign"][index]
      #expect(lines[0] == ["paper 4 0", "burgess 3 10", "mlp 0 11", "ign 4 0"][index], "\(lines)")
      #expect(lines[1] == "true \(name)", "\(lines)")
      #expect(lines.last == name, "\(lines)")
    }
    for (wrong, message) in [
      ("network (\"mlp\") channels 3", "network mlp has no 'channels'"), ("hidden 3", "network paper has no 'hidden'"),
      ("network mlp hidden 5000", "hidden"), ("network resnet", "resnet"),
    ] {
      let told = try shown("m = vae for (load mnist count 9) \(wrong)").joined()
      #expect(told.contains(message), "\(wrong): \(told)")
    }
  }

  @Test("Images larger than 32×32 are given the network of Burgess et al., with a note, unless the script says another")
  func usualNetwork() throws {
    for (side, options, network, isTold) in [
      (32, "", "paper", false), (36, "", "burgess", true), (36, "network paper", "paper", false),
      (36, "hidden 9", "burgess", true), (36, "network burgess", "burgess", false),
    ] {
      let host = RecordingHost()
      let lines = try shown(
        "m = vae for (load sprites size \(side) count 9) latents 2 channels 2 \(options)\nprint m.network", host)
      #expect(lines == [network], "\(side) \(options): \(lines)")
      #expect(host.notes.contains { $0.contains("larger than 32×32") } == isTold, "\(host.notes)")
    }
  }

  @Test("A training's rate may rise and fall, and its gradients may be clipped; each is another training")
  func schedules() throws {
    let lines = try shown(
      """
      ones = load mnist digits 1 count 40
      a = vae for ones latents 2 channels 4
      b = vae for ones latents 2 channels 4
      c = vae for ones latents 2 channels 4
      train a on ones epochs 3 batch 20
      train b on ones epochs 3 batch 20 decay cosine ratewarmup 1
      train c on ones epochs 3 batch 20 clip 0.1
      print a.fingerprint == b.fingerprint, a.fingerprint == c.fingerprint, b.fingerprint == c.fingerprint
      d = vae for ones latents 2 channels 4
      train d on ones epochs 3 batch 20 decay none
      print a.fingerprint == d.fingerprint
      """)
    #expect(lines == ["false false false", "true"])
  }

  @Test("A search over several seeds gives means and intervals, a row for each model, and the seeds that were named")
  func seeds() throws {
    let host = RecordingHost()
    let lines = try shown(
      """
      ones = load mnist digits 1 count 40
      found = search beta [0.01, 0.02] latents 2 on ones epochs 4 batch 5 channels 4 rate 0.005 seed 7 seeds 3
      print column(found.runs, "β"), column(found.runs, "seed"), length(found.models)
      errors = column(found.runs, "error")
      mean = (errors[3] + errors[4] + errors[5]) / 3
      print abs(column(found.table, "error")[1] - mean) < 0.0001
      variance = ((errors[3] - mean) * (errors[3] - mean) + (errors[4] - mean) * (errors[4] - mean) + (errors[5] - mean) * (errors[5] - mean)) / 2
      print abs(4.302653 * sqrt(variance / 3) - column(found.table, "error ±")[1]) < 0.0001
      print found.models[4].seed, errors[0] != errors[1]
      show found
      again = search beta [0.01, 0.02] latents 2 on ones epochs 4 batch 5 channels 4 rate 0.005 seeds [8, 9]
      print column(again.runs, "error") == [errors[1], errors[2], errors[4], errors[5]]
      """, host)
    #expect(lines[0] == "[0.01, 0.01, 0.01, 0.02, 0.02, 0.02] [7, 8, 9, 7, 8, 9] 6")
    #expect(Array(lines[1...3]) == ["true", "true", "8 true"])
    #expect(lines[4].contains("Means over the seeds 7, 8, 9; ±: half the width of the mean's 95 % interval."))
    #expect(!lines[4].contains("one seed"))
    #expect(lines[5] == "true")
    #expect(host.notes.contains("training with β 0.02, seed 9, 6 of 6"))
    #expect(host.notes.count { $0.contains("taken from the store: 4 epochs of training, model ") } == 4)
    for wrong in ["seeds [1, 1]", "seeds [0.5]", "seeds [1, 2] seed 3"] {
      #expect(try !shown("x = load mnist count 9\ny = search beta [1, 2] on x epochs 1 \(wrong)").joined().isEmpty)
    }
  }

  @Test("A search in which no model uses a latent recommends none, and says what to try")
  func collapsedSearch() throws {
    let lines = try shown(
      """
      ones = load mnist digits 1 count 40
      found = search beta [400, 800] latents 2 on ones epochs 2 batch 5 channels 4
      print found.collapsed, found.chart.width > 400
      print found.reason
      print found.model
      """)
    #expect(lines[0] == "[400, 800] true")
    #expect(lines[1].contains("none, because no latent is in use at any value of β tried"))
    #expect(lines[1].contains("try lower β"))
    #expect(lines[2].contains("this search recommends none") && lines[2].contains("see its 'table' and 'collapsed'"))
  }

  @Test("A file without metadata is opened with what is not known said, and given options fill it in")
  func openForeign() throws {
    let folder = try TemporaryFolder(), path = Path.join(folder.path, "foreign.safetensors")
    let prepared = try shown(
      "x = load mnist digits 1 count 20\nsave (vae for x latents 2 channels 4 beta 2) \"\(path)\"")
    #expect(prepared.isEmpty)
    var file = try Safetensors(bytes: Files.read(path))
    file.metadata = [:]
    try Files.write(try file.encoded(), to: path)
    let host = RecordingHost()
    let lines = try shown(
      """
      x = load mnist digits 1 count 20
      a = open "\(path)"
      print a.kind, a.likelihood, a
      show (measure a on x)
      b = open "\(path)" beta 3 likelihood bernoulli
      print b.kind, b.beta, b.likelihood
      c = open "\(path)" autoencoder likelihood gaussian
      print c.kind, c
      train a on x epochs 1
      """, host)
    #expect(
      lines[0].hasPrefix("unknown unknown model of unknown β, 2 latents, for 'foreign.safetensors'"), "\(lines[0])")
    #expect(lines[1].contains("n/a") && lines[1].contains("No loss: the model's file does not state its β"))
    #expect(lines[2] == "β-VAE 3 bernoulli" && lines[3].hasPrefix("autoencoder autoencoder, 2 latents"))
    #expect(lines[4].contains("does not state its β or its likelihood, so it cannot be trained"))
    #expect(host.notes[0].contains("assuming a β-VAE") && host.notes[0].contains("beta 4, autoencoder"))
    let beta = try shown("a = open \"\(path)\"\nprint a.beta").joined()
    #expect(beta.contains("the file of this model does not state its β"))
    let both = try shown("a = open \"\(path)\" beta 3 autoencoder").joined()
    #expect(both.contains("an autoencoder has no beta"))
    let checkpoint = try shown("a = open \"weights.pt\"").joined()
    #expect(checkpoint.contains("torch.load(\"weights.pt\"") && checkpoint.contains("\"weights.safetensors\")"))
  }

  @Test("Progress of a training tells loss, KL divergence and latents in use")
  func progress() throws {
    let host = RecordingHost()
    _ = try shown("x = load mnist count 60\ntrain (vae for x latents 2 channels 4) on x epochs 2 batch 20", host)
    let details = host.progressReports.compactMap { $0?.detail }.filter { $0.contains("epoch") }
    #expect(!details.isEmpty)
    #expect(details.allSatisfy { $0.contains("loss ") && $0.contains("KL ") && $0.contains(" active") })
  }
}
