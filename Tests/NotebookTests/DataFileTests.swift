import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Testing

/// What 'load' and 'save' do with data files, in the language's words.
@Suite("Data files in scripts")
struct DataFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func shown(_ script: String) -> String {
    let host = RecordingHost()
    let text = script.replacing("FOLDER", with: folder.path)
    let outcome = Session.full(host: host).run(Source(name: "test.bvs", text: text))
    return (host.shown + ending(outcome)).joined(separator: "\n").replacing(folder.path, with: "FOLDER")
  }

  @Test(
    "a dataset that was saved is loaded again, the same, from every form that keeps labels", arguments: ["npz", "mat"])
  func roundTrip(ending: String) {
    #expect(
      shown(
        """
        houses = load svhn digits [0, 9] count 20
        save houses "FOLDER/houses.\(ending)"
        again = load "FOLDER/houses.\(ending)"
        print again.count, again.fingerprint == houses.fingerprint, again.labels == houses.labels
        save (load mnist count 3) "FOLDER/three.\(ending)"
        three = load "FOLDER/three.\(ending)"
        print three.fingerprint == (load mnist count 3).fingerprint
        """) == "20 true true\ntrue")
  }

  @Test("size and planes are what was asked for")
  func fitting() {
    #expect(
      shown(
        """
        small = load svhn count 4 size 28 planes 1
        model = vae for small latents 2 channels 4
        save small "FOLDER/small.npz"
        print (load "FOLDER/small.npz").fingerprint == small.fingerprint
        """) == "true")
    #expect(shown("x = load svhn count 1 size [1, 2, 3]").contains("'size' takes one number, or rows and columns"))
    #expect(shown("x = load svhn count 1 planes 2").contains("'planes' takes 1 (grey) or 3 (colour), not 2"))
  }

  @Test("a file that was cut off says so, and 'partial' takes what is whole")
  func partial() throws {
    _ = shown("save (load svhn count 9) \"FOLDER/whole.mat\"")
    let whole = try Files.read(folder.path + "/whole.mat")
    try Files.write(Array(whole.dropLast(whole.count / 3)), to: folder.path + "/cut.mat")
    #expect(shown("x = load \"FOLDER/cut.mat\"").contains("'fetch svhn' gets the whole file, or say 'partial'"))
    #expect(
      shown(
        """
        part = load "FOLDER/cut.mat" partial
        print part.count > 0, part.count < 9
        print part.fingerprint == (load "FOLDER/whole.mat" count part.count).fingerprint
        """) == "true true\nfalse", "there are no labels, so that the whole file's are another dataset")
  }

  @Test("mistakes name what to do")
  func mistakes() {
    #expect(
      shown("x = load svhn digits 1 count 2000").contains(
        "there are 205; this is the embedded sample; 'fetch svhn' downloads all of SVHN, and 'load streets' makes"))
    #expect(shown("x = load mnist digits 12").contains("'classes' takes 0 to 9 of a known dataset"))
    #expect(
      shown("save (load mnist count 1) \"FOLDER/x.txt\"").contains(
        "must be saved as .npy, .npz or .mat, not 'x.txt'"))
  }
}
