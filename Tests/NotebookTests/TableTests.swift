import BVAELanguage
import BVAENotebook
import BVAEPlatform
import TestSupport
import Testing

/// Tables of one's own, and arrays in files. Values as pandas and NumPy give them (Scripts/reference/check_tables.py).
@Suite("Tables and array files")
struct TableTests {
  private static let made = """
    t = columns("digit", [3, 1, 3, 1], "z0", [0.5, -1, 1.5, 2], "name", ["a", "b", "c", "d"])

    """

  @Test(
    "a table gives its columns, rows and parts",
    arguments: [
      (
        "t.count, t.columns, t[\"z0\"], t[1].z0, t[-1][\"name\"]",
        "4 [\"digit\", \"z0\", \"name\"] [0.5, -1, 1.5, 2] -1 d"
      ),
      (
        "t[t[\"digit\"] == 3][\"name\"], t[1..2][\"z0\"], t[[3, 0]][\"name\"], t[order(t[\"z0\"])][\"z0\"]",
        "[\"a\", \"c\"] [-1, 1.5] [\"d\", \"a\"] [-1, 0.5, 1.5, 2]"
      ),
      (
        "t[[\"name\", \"z0\"]].columns, columns(t, \"twice\", t[\"z0\"] * 2)[\"twice\"]",
        "[\"name\", \"z0\"] [1, -2, 3, 4]"
      ),
      (
        "columns([record(\"a\", 1), record(\"b\", \"x\", \"a\", 2)])[\"b\"], columns(\"k\", 1..3, \"c\", true)[\"c\"]",
        "[\"\", \"x\"] [\"true\", \"true\", \"true\"]"
      ),
      (
        "(arrange t by \"z0\")[\"name\"], (arrange t by [\"digit\", \"z0\"] descending)[\"name\"]",
        "[\"b\", \"a\", \"c\", \"d\"] [\"c\", \"a\", \"d\", \"b\"]"
      ),
      (
        "(summarise t by \"digit\")[\"z0\"], (summarise t by \"digit\").columns",
        "[0.5, 1] [\"digit\", \"count\", \"z0\"]"
      ),
      (
        "(summarise t by \"digit\" with [\"sum\", \"max\", \"median\"])[\"max z0\"], (summarise t)[\"mean\"]",
        "[2, 1.5] [2, 0.75]"
      ),
      ("(summarise t[..0] by \"name\" with \"std\")[\"z0\"]", "[not a number]"),
      (
        "(merge t with columns(\"digit\", [1, 7], \"word\", [\"one\", \"seven\"]) on \"digit\")[\"word\"]",
        "[\"one\", \"one\"]"
      ),
      (
        "(merge t with columns(\"digit\", [1], \"z0\", [9]) on \"digit\" keep)[\"z0 2\"]",
        "[not a number, 9, not a number, 9]"
      ),
      ("(combine t, columns(\"z0\", [5]))[\"name\"], (combine t, t).count", "[\"a\", \"b\", \"c\", \"d\", \"\"] 8"),
      (
        "[r.z0 for r in t if r.digit == 1], [n for n, z in zip(t[\"name\"], t[\"z0\"]) if z > 1]",
        "[-1, 2] [\"c\", \"d\"]"
      ),
    ])
  func values(_ expression: String, _ expected: String) {
    let found = output(Self.made + "print \(expression)")
    #expect(found == expected, "\(expression): \(found)")
  }

  @Test(
    "what is wrong with a table is told",
    arguments: [
      ("t[\"z\"]", "the table has no column 'z'"), ("columns(\"a\", [1, 2], \"b\", [1])", "'a' 2 and 'b' 1"),
      ("columns(\"a\", [1], \"a\", [2])", "two columns are called 'a'"),
      ("columns(\"a\")", "the column 'a' has no values"),
      ("columns(\"a\", [[1, 2]])", "takes a list of single values"), ("columns(5)", "'columns' takes names"),
      ("(arrange t by \"q\")", "the table has no column 'q'"),
      ("(summarise t by \"digit\" of \"name\")", "does not hold numbers"),
      ("(summarise t by \"digit\" with [\"mode\"])", "takes mean, median, std, variance, sum, min or max"),
      ("(summarise t with \"max\")", "'with' is for groups"),
      ("(merge t with t on \"q\")", "the table has no column 'q'"),
      ("(combine t, (load mnist count 2))", "takes datasets, or tables, not both"),
    ])
  func refused(_ expression: String, _ expected: String) {
    let found = output(Self.made + "print \(expression)")
    #expect(found.contains(expected), "\(expression): \(found)")
  }

  @Test("Arrays, records and tables come back from their files")
  func files() throws {
    let folder = try TemporaryFolder().path
    let found = output(
      Self.made + """
        m = [[0.5, 1], [2, 3.25]]
        save m "\(folder)/m.npy"
        print (open "\(folder)/m.npy") == m
        save (m > 1) "\(folder)/b.npy"
        save [["a", "bc"], ["d", "é"]] "\(folder)/w.npy"
        print (open "\(folder)/b.npy"), (open "\(folder)/w.npy")
        r = record("codes", m, "labels", [1, 7], "names", ["ä", "bc"], "beta", 4, "kept", [true, false], "title", "x")
        save r "\(folder)/r.npz"
        s = open "\(folder)/r.npz"
        print s.codes == m, s.labels, s.names, s.beta, s.kept, s.title, s.names.count
        save t "\(folder)/t.csv"
        u = open "\(folder)/t.csv"
        print u == t, u["z0"] == t["z0"], u["name"] == t["name"]
        """)
    #expect(
      found
        == "true|[[false, false], [true, true]] [[\"a\", \"bc\"], [\"d\", \"é\"]]|true [1, 7] [\"ä\", \"bc\"] 4 [true, false] x 2|false true true"
    )
  }
}
