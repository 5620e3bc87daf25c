/// Everything that says how a report came about; what is nil or empty is left out.
public struct Provenance: Sendable, Equatable {
  /// A dataset that was used.
  public struct Data: Sendable, Equatable {
    /// `MNIST, train`
    public var name: String
    /// The path, or `embedded sample of MNIST`.
    public var origin: String
    /// The fingerprint of the images and labels chosen.
    public var fingerprint: String
    /// The licence, as far as it is known.
    public var licence: String

    /// Whether it was drawn by a program rather than found in the world.
    public var isSynthetic: Bool

    /// A dataset that was used.
    public init(name: String, origin: String, fingerprint: String, licence: String, isSynthetic: Bool = false) {
      self.name = name
      self.origin = origin
      self.fingerprint = fingerprint
      self.licence = licence
      self.isSynthetic = isSynthetic
    }
  }

  /// A model that was trained or opened.
  public struct Model: Sendable, Equatable {
    /// Its name in the script.
    public var name: String
    /// The key of the stored result.
    public var key: String
    /// The options that made it, in order: `beta` `4`.
    public var options: [Option]
    /// What is to be said about it, as plain text: that hardly a latent is in use.
    public var note: String?

    /// A model that was trained or opened.
    public init(name: String, key: String, options: [Option], note: String? = nil) {
      self.name = name
      self.key = key
      self.options = options
      self.note = note
    }
  }

  /// An option and its value.
  public struct Option: Sendable, Equatable {
    /// `beta`
    public var name: String
    /// `4`
    public var value: String

    /// An option and its value.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The program and its version: `bvae-script 1.0.0`.
  public var version: String
  /// The script's path, or what stood for it.
  public var script: String?
  /// The script's arguments.
  public var arguments: [String] = []
  /// The seed that the script sets for all that is random.
  public var seed: UInt64?
  /// The datasets used.
  public var data: [Data] = []
  /// The models used.
  public var models: [Model] = []
  /// Seconds from start to end.
  public var wallSeconds: Double?
  /// The processor's name.
  public var machine: String?
  /// The number of threads.
  public var threads: Int?
  /// When it was made: `2025-01-31 17:05:09 UTC`.
  public var date: String?

  /// Provenance with nothing told but the version.
  public init(version: String) { self.version = version }
}
