import BVAELanguage
import BVAEPixels
import BVAEPlatform

/// Pictures for the terminal behind standard output, in the way that was chosen or that it can.
final class PictureShower {
  /// What `set pictures` says.
  var mode = PictureMode.auto
  private var known: TerminalAbilities?
  private var written = 0

  /// What shows a picture, ended by a line break; empty where it cannot be shown.
  /// - Parameter title: what is shown above it, for which there shall be room too.
  func text(_ picture: Preview, below title: String) -> String {
    guard Output.isTerminal(Output.standard), let bitmap = picture.bitmap else { return "" }
    switch chosen {
    case .kitty: return (try? InlinePictures.kitty(fit(below: title).fitted(bitmap))) ?? ""
    case .iterm: return (try? InlinePictures.iterm(fit(below: title).fitted(bitmap))) ?? ""
    case .sixel: return Sixel.encode(fit(below: title).fitted(bitmap))
    case .blocks:
      return HalfBlocks(
        bitmap, columns: Output.columns(of: Output.standard), rows: rows(below: title),
        depth: HalfBlocks.Depth.ofTerminal ?? .palette
      ).text
    case .auto, .off: return ""
    }
  }

  /// Where a picture was put that a terminal cannot show and that is in no file yet; nil elsewhere.
  func substitute(_ picture: Preview) -> String? {
    guard mode == .auto, picture.path == nil, Output.isTerminal(Output.standard), let bitmap = picture.bitmap else {
      return nil
    }
    let folder = Path.join(Machine.cacheDirectory, "shown")
    // A hundred of them at most.
    let path = Path.join(folder, "picture-\(written % 100 + 1).png")
    do {
      try Files.makeDirectory(folder)
      try Files.write(try PNG.encode(bitmap), to: path)
    } catch {
      return nil
    }
    written += 1
    return path
  }

  /// The rows of the window, less those that a title takes beyond one.
  private func rows(below title: String) -> Int {
    let columns = Output.columns(of: Output.standard)
    return Output.rows(of: Output.standard) - max(0, title.displayWidth - 1) / columns
  }

  private func fit(below title: String) -> PictureFit {
    let cell = abilities.cell
    return PictureFit(
      columns: Output.columns(of: Output.standard), rows: rows(below: title),
      cellWidth: cell?.width ?? 8, cellHeight: cell?.height ?? 16)
  }

  /// Asked once, when the first picture is shown: starting does not wait for it.
  private var abilities: TerminalAbilities {
    if let known { return known }
    let asked = TerminalQuery.abilities()
    known = asked
    return asked
  }

  /// How pictures are shown, in words.
  var way: String {
    switch chosen {
    case .kitty: "by kitty's protocol"
    case .iterm: "by iTerm2's protocol"
    case .sixel: "as sixels"
    case .blocks, .auto: "as blocks of colour; kitty, iTerm2, WezTerm and others show every pixel"
    case .off: "not shown: the terminal has no colours"
    }
  }

  private var chosen: PictureMode {
    guard mode == .auto else { return mode }
    guard HalfBlocks.Depth.ofTerminal != nil else { return .off }
    if abilities.showsKitty { return .kitty }
    if abilities.showsITerm { return .iterm }
    return abilities.showsSixels ? .sixel : .blocks
  }
}

extension Preview {
  /// The pixels, nil where there are none.
  fileprivate var bitmap: Bitmap? {
    width > 0 && height > 0 ? Bitmap(width: width, height: height, planes: 3, bytes: pixels) : nil
  }
}
