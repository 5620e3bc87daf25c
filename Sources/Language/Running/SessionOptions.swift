/// What a script is given from outside.
package struct SessionOptions: Sendable {
  /// What stands behind the script's name; scripts see it as `arguments`.
  package var arguments: [String] = []
  /// `--set NAME=VALUE`: variables that keep their value against the script's own default.
  package var presets: [Preset] = []
  /// `--allow-shell`: whether its lines may begin with `!`, those of scripts too.
  package var allowsShell = false

  /// Nothing.
  package init() {}
}
