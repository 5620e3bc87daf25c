/// Images side by side, enlarged by a whole factor, with what they show written under them.
///
/// One row is a latent's sweep as in the paper's appendix; several rows are a sweep of all latents; one row in
/// several columns is a grid of images; with axes it is a manifold over two latents.
public struct ContactSheet: Drawable {
  /// One image of a sheet.
  public struct Frame: Sendable {
    /// Grey or RGB; the frames of a sheet may differ in size, the largest sets the grid.
    public var image: Bitmap
    /// Written under it: the latent's value, the class.
    public var label: String?
    /// Marked with a coloured border.
    public var highlighted: Bool

    /// A frame.
    public init(image: Bitmap, label: String? = nil, highlighted: Bool = false) {
      self.image = image
      self.label = label
      self.highlighted = highlighted
    }
  }

  /// Frames that belong together.
  public struct Row: Sendable {
    /// Written at the left: `Z0`.
    public var label: String?
    /// Written below the label in small letters: `KL 2.31`, `inactive`.
    public var detail: String?
    /// From left to right.
    public var frames: [Frame]

    /// A row.
    public init(label: String? = nil, detail: String? = nil, frames: [Frame]) {
      self.label = label
      self.detail = detail
      self.frames = frames
    }
  }

  /// What changes along the columns and along the rows of images that go over into one another, as on a manifold. The
  /// images then touch.
  public struct Axes: Sendable {
    /// What changes along an axis, and a label for each column or row.
    public typealias Axis = (name: String, labels: [String])
    /// Written below the images.
    public var columns: Axis
    /// Written to the left of them.
    public var rows: Axis

    /// Axes with as many labels as there are columns and rows.
    public init(columns: Axis, rows: Axis) { (self.columns, self.rows) = (columns, rows) }
  }

  /// The heading.
  public var title: String?
  /// The line below the heading.
  public var subtitle: String?
  /// Set apart at the left: the test image, its reconstruction.
  public var references: [Frame]
  /// The frames.
  public var rows: [Row]
  /// Frames side by side; nothing for all of a row, or about a square where there is but one long row.
  public var columns: Int?
  /// The whole factor of enlargement, 1…64; nothing for a sheet about 1000 pixels wide.
  public var scale: Int?
  /// What changes along columns and rows; nothing for images that stand for themselves.
  public var axes: Axes?
  /// Written at the bottom: `inactive: variance of the mean 0.002`.
  public var note: String?

  /// A sheet.
  public init(
    title: String? = nil, subtitle: String? = nil, references: [Frame] = [], rows: [Row], columns: Int? = nil,
    scale: Int? = nil, axes: Axes? = nil, note: String? = nil
  ) {
    self.title = title
    self.subtitle = subtitle
    self.references = references
    self.rows = rows
    self.columns = columns
    self.scale = scale
    self.axes = axes
    self.note = note
  }

  /// Where everything goes.
  public func layout() -> Page { ContactSheetLayout(self).page() }
}
