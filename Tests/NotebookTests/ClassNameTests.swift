import BVAELanguage
import BVAENotebook
import BVAEPixels
import BVAEPlatform
import Testing

/// Names of classes from folders of pictures to titles, captions and files.
@Suite("Names of classes")
struct ClassNameTests {
  let folder: TemporaryFolder
  private let host = RecordingHost()

  init() throws {
    folder = try TemporaryFolder()
    for (place, name) in ["blue", "green", "red"].enumerated() {
      for number in 0..<2 {
        let bitmap = Bitmap(width: 8, height: 4, planes: 1, fill: UInt8(place * 60 + number * 7))
        try Files.makeDirectory("\(folder.path)/bars/\(name)")
        try Files.write(PNG.encode(bitmap), to: "\(folder.path)/bars/\(name)/\(number).png")
      }
    }
  }

  private func shown(_ script: String) -> String {
    host.shown = []
    let text = script.replacing("FOLDER", with: folder.path)
    let outcome = Session.full(host: host).run(Source(name: "test.bvs", text: text))
    return (host.shown + ending(outcome)).joined(separator: "\n").replacing(folder.path, with: "FOLDER")
  }

  @Test("classes are chosen by name, with or without quotes, by number, and by a list of both")
  func chosen() {
    #expect(
      shown(
        """
        print (load "FOLDER/bars" digits red).labels
        print (load "FOLDER/bars" digits "red" count 1).labels
        print (load "FOLDER/bars" digits ["red", "blue"]).labels
        print (load "FOLDER/bars" digits ["green", 0]).labels
        print (load "FOLDER/bars" digits 1..2 each 1).labels
        wanted = "green"
        print (load "FOLDER/bars" digits wanted).labels
        print (load sprites digits heart count 2).labels, (load mnist digits "7" count 1).labels
        """) == "[2, 2]\n[2]\n[0, 0, 2, 2]\n[0, 0, 1, 1]\n[1, 2]\n[1, 1]\n[2, 2] [7]")
    #expect(
      shown("x = load \"FOLDER/bars\" digits pink").contains(
        "there is no class 'pink'; expected one of 'blue', 'green', 'red'"))
    #expect(
      shown("x = load \"FOLDER/bars\" digits red count 3").contains("asked for 3 images of class red, but there are 2"))
    #expect(shown("x = load mnist digits one count 1").contains("there is no class 'one': the labels are just numbers"))
    #expect(shown("x = load mnist digits [true]").contains("a label from 0 to 255, a class name"))
  }

  @Test("titles, tables and images say the name; only digits are called digits")
  func told() {
    let text = shown(
      """
      bars = load "FOLDER/bars"
      print bars
      print bars[5].label, bars[5].class, (load mnist digits 3 count 1)[0].class
      print (load "FOLDER/bars" digits blue)
      describe bars
      print (load mnist digits 3 count 2)
      """)
    for part in [
      "bars: 6 images of 4×8×1, classes blue green red\n2 red 3\n", "bars: 2 images of 4×8×1, class blue\n",
      "MNIST train: 2 images of 28×28×1, digit 3",
    ] {
      #expect(text.contains(part), "\(text)")
    }
    let table = text.split(separator: "\n").filter { $0.contains("green") || $0.contains("class ") }
    #expect(
      table.contains { $0.hasPrefix("class") && $0.contains("images") } && table.contains { $0.hasPrefix("green") })
    #expect(!text.replacing("MNIST train: 2 images of 28×28×1, digit 3", with: "").contains("digit "))
  }

  @Test("the frames of a sheet are captioned by name")
  func captions() throws {
    // Other names over the same images draw other captions.
    try Files.makeDirectory("\(folder.path)/renamed")
    for (old, new) in [("blue", "navy"), ("green", "olive"), ("red", "rose")] {
      try Files.rename("\(folder.path)/bars/\(old)", to: "\(folder.path)/renamed/\(new)")
    }
    _ = shown("save (sheet (load \"FOLDER/renamed\") title \"x\") \"FOLDER/other.png\"")
    for name in ["navy", "olive", "rose"] {
      try Files.rename("\(folder.path)/renamed/\(name)", to: "\(folder.path)/renamed/x\(name)")
    }
    _ = shown("save (sheet (load \"FOLDER/renamed\") title \"x\") \"FOLDER/again.png\"")
    let other = try PNG.decode(Files.read("\(folder.path)/other.png")).bitmap
    let again = try PNG.decode(Files.read("\(folder.path)/again.png")).bitmap
    #expect(other != again)
  }

  @Test("names are saved and loaded again, and '==' looks at them", arguments: ["npz", "mat"])
  func saved(ending: String) {
    #expect(
      shown(
        """
        bars = load "FOLDER/bars"
        save bars "FOLDER/bars.\(ending)"
        again = load "FOLDER/bars.\(ending)"
        print again.classes, again.labels, again == bars
        save (load "FOLDER/bars" digits ["red"]) "FOLDER/red.\(ending)"
        print (load "FOLDER/red.\(ending)" digits red).labels, (load "FOLDER/red.\(ending)").classes
        """) == "[\"blue\", \"green\", \"red\"] [0, 0, 1, 1, 2, 2] true\n[2, 2] [\"blue\", \"green\", \"red\"]")
    #expect(
      shown(
        """
        save (load sprites count 5) "FOLDER/sprites.\(ending)"
        print (load "FOLDER/sprites.\(ending)").classes
        """) == "[\"square\", \"ellipse\", \"heart\"]")
  }

  @Test("images with the same labels and other names are another dataset")
  func equality() throws {
    #expect(shown("a = load \"FOLDER/bars\"\nprint a == a, a == (load \"FOLDER/bars\")") == "true true")
    _ = shown("save (load \"FOLDER/bars\") \"FOLDER/old.npz\"")
    try Files.rename("\(folder.path)/bars/blue", to: "\(folder.path)/bars/azure")
    #expect(
      shown("a = load \"FOLDER/bars\"\nb = load \"FOLDER/old.npz\"\nprint a == b, a.fingerprint == b.fingerprint")
        == "false true")
  }

  @Test("what was left out is told as a note or a warning")
  func remarks() throws {
    try Files.write("x", to: "\(folder.path)/bars/red/x.bmp")
    try Files.write("x", to: "\(folder.path)/bars/red/Thumbs.db")
    _ = shown("a = load \"FOLDER/bars\"")
    #expect(
      host.warnings.count == 1 && host.warnings.first?.contains("1 picture of kinds that are not read (1 .bmp)") == true
    )
    #expect(host.notes == ["passed over what other systems leave behind: 'Thumbs.db'"])
  }

  @Test("options for pictures say where they mean nothing")
  func options() {
    for (script, message) in [
      ("x = load \"FOLDER/bars\" fit crop", "'fit' needs 'size'"),
      ("x = load sprites fit crop size 32", "'fit' is for files, and sprites are drawn"),
      ("x = load streets background black", "'background' is for files, and streets are drawn"),
      ("x = load \"FOLDER/bars\" background [1, 2]", "this is 2 numbers"),
      ("x = load \"FOLDER/bars\" background pink", "'pink' is not"),
      ("x = load \"FOLDER/bars\" split test", "it has no parts: 'split test' is for folders"),
      ("x = load mnist split val", "MNIST has no validation images; expected 'split train' or 'split test'"),
      ("x = load sprites split val", "sprites are drawn for training and for tests"),
    ] {
      #expect(shown(script).contains(message), "\(shown(script))")
    }
  }

  @Test("'open' reads a picture over a background, and a warning tells where nothing is left")
  func opened() throws {
    // Grey 255 at alpha 0 and 255 (Pillow's LA).
    let ink: [UInt8] = [
      0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 2, 0, 0, 0, 1,
      8, 4, 0, 0, 0, 0x5E, 0x2B, 0xB7, 1, 0, 0, 0, 0x0D, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0xFC, 0xCF, 0xC0,
      0xF0, 0x1F, 0, 5, 5, 2, 0, 0x80, 0x96, 0xE3, 0xC2, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
    ]
    try Files.write(ink, to: "\(folder.path)/ink.png")
    #expect(shown("print (open \"FOLDER/ink.png\").values") == "[[[1], [1]]]")
    #expect(host.warnings.first?.contains("'ink.png' is of one colour all over") == true)
    #expect(shown("print (open \"FOLDER/ink.png\" background black).values") == "[[[0], [1]]]")
    #expect(host.warnings.count == 1)
    #expect(shown("x = open \"FOLDER/ink.safetensors\" background black").contains("no file"))
  }
}
