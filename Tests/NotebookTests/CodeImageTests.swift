import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Testing

/// Interpolations, grids, images of numbers, rows of sheets, animations and copies in scripts.
@Suite("Images of codes")
struct CodeImageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func shown(_ script: String, host: RecordingHost = RecordingHost()) -> String {
    folder.shown(Self.start + script.replacing("FOLDER", with: folder.path), host: host)
  }

  private static let start = """
    x = load mnist split test count 10
    m = vae for x latents 3 channels 4 seed 5

    """

  @Test("An interpolation goes between images, codes and numbers, and is indexed, cut, shown, drawn and saved")
  func interpolation() throws {
    let host = RecordingHost()
    let text = shown(
      """
      way = interpolate m from x[0] to [1, 2, 3] steps 5
      print way, way.count, way.shares
      print way.codes[0] == (encode m x[0]).mean[0], way.codes[-1] == [1, 2, 3]
      print way[1].values == (decode m way.codes[1])[0].values, way[1..2].shares, way.images.count
      code = encode m x
      arc = interpolate m from code[0] to code[1] path spherical
      print arc, (sheet arc).width > 400
      show way
      save arc "FOLDER/way.npy"
      print (load "FOLDER/way.npy").count
      """, host: host)
    #expect(
      text == """
        linear interpolation from MNIST test, image 0 to a code: 5 images 5 [0, 0.25, 0.5, 0.75, 1]
        true true
        true [0.25, 0.5] 5
        spherical interpolation from a code to a code: 12 images true
        12
        """, "\(text)")
    #expect(host.pictures.count == 1)
  }

  @Test("A grid has a row of images for each value of the second latent")
  func grid() throws {
    let host = RecordingHost()
    let text = shown(
      """
      g = grid m latents [2, 0] range -1..1 steps 3
      print g, g.latents, g.values
      print g[0][2].values == (decode m [-1, 0, 1])[0].values, g.images.count, g[1..].count
      print (grid m latents 0..1 from x[0] range prior steps 2).count
      show g
      s = sheet g title "T"
      save g "FOLDER/g.npy"
      """, host: host)
    #expect(
      text == """
        grid of 3 × 3 images over Z2 and Z0, the other latents from zeros [2, 0] [[-1, 0, 1], [-1, 0, 1]]
        true 9 2
        2
        """, "\(text)")
    #expect(host.pictures.count == 1)
  }

  @Test("Values of images are arrays, and images are made of arrays; what lies outside is clipped with a note")
  func pixels() throws {
    let host = RecordingHost()
    let text = shown(
      """
      print shape(x.values), shape(x[0].values), shape((reconstruct m x).values)
      print x.values[3] == x[3].values, x.values[[1, 4]] == x[[1, 4]].values
      again = pixels x.values
      print again == (pixels (x.values[.., .., .., 0])), again[2].values == x[2].values
      difference = pixels (abs(x.values - (reconstruct m x).values))
      print difference, difference.height, difference.planes
      print (pixels (mean(x.values, 0))).count, (pixels [[0, 1], [0.5, 0]])[0].values
      print (pixels [[-1, 2], [0.5, 0]])[0].values
      print (pixels reshape(0..11 , [2, 2, 3])).planes
      """, host: host)
    #expect(
      text == """
        [10, 28, 28, 1] [28, 28, 1] [10, 28, 28, 1]
        true true
        true true
        Images of numbers: 10 images of 28×28×1 28 1
        1 [[[0], [1]], [[0.5], [0]]]
        [[[0], [1]], [[0.5], [0]]]
        3
        """, "\(text)")
    #expect(host.notes.filter { $0.contains("clipped") }.count == 2)
    #expect(host.notes.contains("line 10: 2 of 4 numbers outside 0…1 were clipped"), "\(host.notes)")
  }

  @Test("Codes are computed with")
  func codes() {
    let text = shown(
      """
      a = encode m x[0]
      b = encode m x[1]
      c = encode m x[2]
      sum = decode m (a.mean + b.mean - c.mean)
      print sum.count, (decode m a.mean) == (decode m a)
      """)
    #expect(text == "1 true", "\(text)")
  }

  @Test("A sheet takes rows of as many images each, with labels beside them, and lists of single images")
  func rows() throws {
    let host = RecordingHost()
    let text = shown(
      """
      r = reconstruct m x
      d = pixels (abs(x.values - r.values))
      f = sheet [x, r, d] labels ["original", "reconstruction", "difference"]
      print f
      wide = sheet [r, d] columns 5
      one = sheet [x[0], r[0..0]] labels ["a", "b"]
      print (sheet join([x[0], x[3]], r[2]) labels [0.5, 1.25, "c"])
      print (sheet [[x[0], x[1]], r[0..1]] title "Two")
      print wide.height > f.height
      """, host: host)
    #expect(text.hasPrefix("figure: original, reconstruction and difference, "), "\(text)")
    #expect(text.contains("figure: 3 images, ") && text.contains("figure: Two, ") && text.hasSuffix("true"), "\(text)")
  }

  @Test(
    "Rows that are none are refused in words",
    arguments: [
      ("sheet [x, x[0..3]]", "the rows of a sheet have as many images each; these have 10 and 4"),
      ("sheet [x, x] labels [\"a\"]", "2 rows have as many labels, not 1"),
      ("sheet [x, m]", "each row of a sheet is a dataset, images or a list of images; this list holds a model"),
      ("sheet [x, [x[0], 3]]", "each row of a sheet is a dataset, images or a list of images; this list holds a list"),
      ("sheet []", "there are no images to show"),
      ("pixels [1, 2, 3]", "numbers of the shape [3] are no images"),
      ("pixels x.values[.., .., .., [0, 0]]", "numbers of the shape [10, 28, 28, 2] are no images"),
      ("interpolate m from x to x[0]", "'from' of 'interpolate' takes an image, a code or a list"),
      ("interpolate m from (encode m x) to x[0]", "one code is needed here, not 10"),
      ("interpolate m from [1, 2] to x[0]", "the model has 3 latents, but the code has 2"),
      ("grid m latents [0, 1]", "the ranges of this model's latents are unknown"),
      ("grid m latents [0, 5] range prior", "there is no latent Z5: the model has Z0 to Z2"),
      ("animate [x[0], (sheet x)]", "a list that is animated holds figures, or images, and nothing else"),
      ("animate [(sheet x), (sheet x[0..2])]", "the frames of an animation have one size"),
      ("figure (animate x) \"FOLDER/x.jpg\"", "an animation must be saved as .gif or .png, not 'x.jpg'"),
      ("(combine (load mnist), (load mnist)).values", "more than the 20,000,000 numbers that a list holds"),
    ])
  func mistakes(line: String, message: String) throws {
    let text = shown("y = " + line)
    #expect(text.contains(message), "\(text)")
  }

  @Test("Sweeps, interpolations, images and lists are animated, written, and played by reports")
  func animations() throws {
    let host = RecordingHost()
    let text = shown(
      """
      rows = sweep m from x[0] range prior steps 6
      a = animate rows rate 20 bounce
      print a.count, a.seconds
      figure a "FOLDER/a.gif" caption "Sweep"
      figure (animate (interpolate m from x[0] to x[1] steps 4)) "FOLDER/b.png"
      frames = []
      for k in 0..2
        train m on x epochs 1
        frames = join(frames, (sheet (reconstruct m x)))
      end
      figure (animate frames rate 2 title "Training") "FOLDER/c.gif"
      print (animate x[0..2]).count, (animate [x[0], x[1]]).count, (animate (sweep m draws 3 latents [0, 1] range prior)).count
      save a "FOLDER/a.png"
      show a
      save a "FOLDER/a.gif"
      report "FOLDER/r.md" html
      """, host: host)
    #expect(text.contains("10 0.5\n"), "\(text)")
    #expect(text.contains("3 2 12"), "\(text)")
    for (name, start) in [("a.gif", "GIF89a"), ("b.png", "\u{89}PNG"), ("c.gif", "GIF89a")] {
      let bytes = try Files.read(Path.join(folder.path, name))
      #expect(bytes.starts(with: start.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }))
    }
    let comment = String(decoding: try Files.read(Path.join(folder.path, "a.gif")), as: UTF8.self)
    #expect(comment.contains("Title: Figure 1: Sweep") || comment.contains("Software: bvae-script"))
    let markdown = try Files.readText(Path.join(folder.path, "r.md"))
    #expect(markdown.contains("![Figure 1: Sweep](a.gif)") && markdown.contains("(b.png)"))
    let page = try Files.readText(Path.join(folder.path, "r.html"))
    #expect(
      page.ranges(of: "data:image/gif;base64,").count == 2 && page.ranges(of: "data:image/png;base64,").count == 1)
    #expect(host.pictures.count == 4)
  }

  @Test("An animation does not take the place of another picture of the report")
  func kept() {
    let text = shown(
      """
      a = animate x[0..2]
      figure a "FOLDER/a.png" caption "A"
      save a "FOLDER/a.png"
      save (animate x[0..1]) "FOLDER/a.png"
      """)
    #expect(text.contains("holds figure 1 of the report, 'A'"), "\(text)")
  }

  @Test("Training a copy leaves the original; without a copy both names are one model")
  func copies() {
    let text = shown(
      """
      before = m.fingerprint
      c = copy m
      same = m
      train c on x epochs 1
      print m.fingerprint == before, c.fingerprint == before, c == m, same == m
      train m on x epochs 1
      print same.fingerprint == c.fingerprint, (decode m [0, 0, 0]) == (decode c [0, 0, 0])
      """)
    #expect(text == "true false false true\ntrue true", "\(text)")
  }

  @Test("What is made of synthetic data says so")
  func synthetic() throws {
    let host = RecordingHost()
    let errors = shown(
      """
      s = load sprites count 4
      v = vae for s latents 2 channels 4
      figure (animate (interpolate v from s[0] to s[1] steps 3)) "FOLDER/s.gif" caption "A"
      figure (sheet (grid v latents [0, 1] range prior steps 2)) "FOLDER/g.png" caption "B"
      figure (sheet [s, (pixels s.values)]) "FOLDER/h.png" caption "C"
      report "FOLDER/s.md"
      """, host: host)
    let report = try Files.readText(Path.join(folder.path, "s.md"))
    #expect(
      report.contains("Figure 1: A (synthetic sprites)") && report.contains("Figure 2: B (synthetic sprites)"),
      "\(errors)")
    #expect(report.contains("Figure 3: C (synthetic sprites)"))
  }
}
