/// Everything that says how a report came about; what is nil or empty is left out.
package struct Provenance: Sendable, Equatable {
  /// A dataset that was used.
  package struct Data: Sendable, Equatable {
    /// `MNIST, train`
    package var name: String
    /// The path, or `embedded sample of MNIST`.
    package var origin: String
    /// The fingerprint of the images and labels chosen.
    package var fingerprint: String
    /// The licence, as far as it is known.
    package var licence: String

    /// Whether it was drawn by a program rather than found in the world.
    package var isSynthetic: Bool

    /// A dataset that was used.
    package init(name: String, origin: String, fingerprint: String, licence: String, isSynthetic: Bool = false) {
      self.name = name
      self.origin = origin
      self.fingerprint = fingerprint
      self.licence = licence
      self.isSynthetic = isSynthetic
    }
  }

  /// A model that was trained or opened.
  package struct Model: Sendable, Equatable {
    /// Its name in the script.
    package var name: String
    /// The key of the stored result.
    package var key: String
    /// The options that made it, in order: `beta` `4`.
    package var options: [Option]
    /// What is to be said about it, as plain text: that hardly a latent is in use.
    package var note: String?

    /// A model that was trained or opened.
    package init(name: String, key: String, options: [Option], note: String? = nil) {
      self.name = name
      self.key = key
      self.options = options
      self.note = note
    }
  }

  /// An option and its value.
  package struct Option: Sendable, Equatable {
    /// `beta`
    package var name: String
    /// `4`
    package var value: String

    /// An option and its value.
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The program and its version: `bvae-script 1.0.0`.
  package var version: String
  /// The script's path, or what stood for it.
  package var script: String?
  /// The script's arguments.
  package var arguments: [String] = []
  /// The seed that the script sets for all that is random.
  package var seed: UInt64?
  /// The datasets used.
  package var data: [Data] = []
  /// The models used.
  package var models: [Model] = []
  /// Seconds from start to end.
  package var wallSeconds: Double?
  /// The processor's name.
  package var machine: String?
  /// The number of threads.
  package var threads: Int?
  /// When it was made: `2025-01-31 17:05:09 UTC`.
  package var date: String?

  /// Provenance with nothing told but the version.
  package init(version: String) { self.version = version }
}
