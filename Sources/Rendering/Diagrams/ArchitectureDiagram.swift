import BVAEPlatform

/// A network from left to right: feature maps as stacks of slabs, dense layers as bars, what happens between them
/// over the arrows and the size of each result below it. Long networks continue on the next line.
public struct ArchitectureDiagram: Drawable {
  /// The result of a layer.
  public enum Output: Sendable, Hashable {
    /// Feature maps: rows, columns and how many there are.
    case volume(height: Int, width: Int, channels: Int)
    /// Numbers side by side.
    case units(Int)

    /// `14×14×64`, `3,136`
    public var caption: String {
      switch self {
      case .volume(let height, let width, let channels): "\(height)×\(width)×\(channels)"
      case .units(let count): count.grouped
      }
    }
  }

  /// What a result is, which gives it its colour.
  public enum Kind: Sendable, Hashable, CaseIterable {
    /// The network's input or output.
    case image
    /// What convolutions make.
    case features
    /// What dense layers make.
    case dense
    /// Mean, log variance and the code itself.
    case code
  }

  /// A layer and its result.
  public struct Stage: Sendable {
    /// What the result is called, written below it in bold: `μ`, `image`.
    public var name: String?
    /// Over the arrow that leads here: `conv 4×4, stride 2`. Not drawn for the first stage.
    public var operation: String
    /// Below that arrow: `leaky ReLU`.
    public var detail: String
    /// Its size.
    public var output: Output
    /// Its colour.
    public var kind: Kind

    /// A stage; without a kind, volumes are features and units dense.
    public init(
      name: String? = nil, operation: String = "", detail: String = "", output: Output, kind: Kind? = nil
    ) {
      self.name = name
      self.operation = operation
      self.detail = detail
      self.output = output
      if let kind {
        self.kind = kind
      } else if case .volume = output {
        self.kind = .features
      } else {
        self.kind = .dense
      }
    }
  }

  /// The heading.
  public var title: String?
  /// The line below the heading.
  public var subtitle: String?
  /// One after the other.
  public var stages: [Stage]
  /// Side by side, each from the last stage: the encoder's mean and log variance.
  public var heads: [Stage]
  /// After the heads, the first one from all of them together: the sampled code.
  public var merged: [Stage]
  /// The most pixels across before the drawing continues on the next line.
  public var width: Int

  /// A diagram.
  public init(
    title: String? = nil, subtitle: String? = nil, stages: [Stage], heads: [Stage] = [], merged: [Stage] = [],
    width: Int = 1160
  ) {
    self.title = title
    self.subtitle = subtitle
    self.stages = stages
    self.heads = heads
    self.merged = merged
    self.width = width
  }

  /// Where everything goes.
  public func layout() -> Page { DiagramLayout(self).page() }
}
