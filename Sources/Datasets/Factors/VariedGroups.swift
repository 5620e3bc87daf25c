import BVAEArrays

/// Batches with one varying factor, of images that are there: those are chosen that share all other factors, as many do
/// where the factors make a grid (dSprites, 3D Shapes).
struct VariedGroups: VariedFactors {
  let factors: [String]
  let hasOthers: Bool
  private let images: ByteImages
  private let table: FactorTable
  /// For each of `factors` which images share all others; at the end which share these factors.
  private let groupings: [Grouping]

  /// - Parameter columns: the places in the table of the factors to vary.
  /// - Throws: `VariationError.lone` where more than one image in ten is alone with its other factors.
  init(_ data: Dataset, _ table: FactorTable, _ columns: [Int]) throws(VariationError) {
    images = data.images
    self.table = table
    factors = columns.map { table.factors[$0].name }
    let levels = table.factors.indices.map { Levels(table, $0) }
    var groupings: [Grouping] = []
    for column in columns {
      let grouping = Grouping(levels.indices.filter { $0 != column }.map { levels[$0] }, count: table.count)
      let shared = grouping.countOfVarying(levels[column])
      guard shared * 10 >= table.count * 9 else {
        throw .lone(table.factors[column].name, shared: shared, of: table.count)
      }
      groupings.append(grouping)
    }
    let others = Grouping(columns.map { levels[$0] }, count: table.count)
    hasOthers = others.countOfShared * 10 >= table.count * 9
    self.groupings = groupings + [others]
  }

  var count: Int { images.count }
  var shape: ImageShape { images.shape }

  func batch(
    varying factor: Int?, like image: Int, count: Int, using generator: inout RandomGenerator
  ) -> (images: ByteImages, table: FactorTable) {
    let like = groupings[factor ?? factors.count].images(like: image)
    let chosen = (0..<count).map { _ in Int(like[like.startIndex + generator.index(below: like.count)]) }
    return (images.selecting(chosen), table.selecting(chosen))
  }
}

/// The values of a factor by their places in order.
private struct Levels {
  /// Of each image.
  let places: [Int32]
  let count: Int

  init(_ table: FactorTable, _ column: Int) {
    let values = (0..<table.count).map { table.values[$0 * table.factors.count + column] }
    let different = Set(values).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: different.enumerated().map { ($1, Int32($0)) })
    places = values.map { numbers[$0] ?? 0 }
    count = different.count
  }
}

/// Images in groups of those that share some factors.
private struct Grouping {
  /// The group of each image.
  private let groups: [Int32]
  /// The images, group after group, and where each group begins; at the end, where the last one ends.
  private let members: [Int32], starts: [Int]

  init(_ shared: [Levels], count: Int) {
    // A number for each combination of values; numbered anew before it could grow too large.
    var keys = [Int](repeating: 0, count: count), extent = 1
    func renumber() {
      var numbers: [Int: Int] = [:]
      for image in keys.indices {
        let number = numbers[keys[image]] ?? numbers.count
        numbers[keys[image]] = number
        keys[image] = number
      }
      extent = numbers.count
    }
    for levels in shared {
      if extent > 1 << 31 { renumber() }
      for image in keys.indices { keys[image] = keys[image] * levels.count + Int(levels.places[image]) }
      extent *= levels.count
    }
    renumber()
    groups = keys.map { Int32($0) }
    var starts = [Int](repeating: 0, count: extent + 1)
    for key in keys { starts[key + 1] += 1 }
    for group in 0..<extent { starts[group + 1] += starts[group] }
    var next = starts, members = [Int32](repeating: 0, count: count)
    for (image, key) in keys.enumerated() {
      members[next[key]] = Int32(image)
      next[key] += 1
    }
    (self.members, self.starts) = (members, starts)
  }

  /// The images of an image's group, itself among them.
  func images(like image: Int) -> ArraySlice<Int32> {
    let group = Int(groups[image])
    return members[starts[group]..<starts[group + 1]]
  }

  /// How many images are not alone in their groups.
  var countOfShared: Int { groups.indices.count { images(like: $0).count > 1 } }

  /// How many images are in a group with others in which a factor has another value.
  func countOfVarying(_ levels: Levels) -> Int {
    (1..<starts.count).reduce(0) { sum, group in
      let members = members[starts[group - 1]..<starts[group]]
      let first = members.first.map { levels.places[Int($0)] }
      return sum + (members.contains { levels.places[Int($0)] != first } ? members.count : 0)
    }
  }
}
