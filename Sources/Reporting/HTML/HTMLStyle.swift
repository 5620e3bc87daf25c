/// How pages look, by day and by night.
package enum HTMLStyle {
  /// How wide a picture can be shown, in pixels: 60 rem of 16 pixels, less the margins.
  static let width = 920

  /// Their colours.
  package static let colors = """
    :root { --page: #ffffff; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --tint: #f3f5f7; --link: #0757b8; }
    @media (prefers-color-scheme: dark) {
      :root { --page: #14171b; --text: #e3e6ea; --quiet: #9aa4af; --line: #363c44; --tint: #1e2329; --link: #79b4ff; }
    }
    """

  static let sheet = """
    \(colors)
    html { color-scheme: light dark; background: var(--page); color: var(--text); }
    body { margin: 0; font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
    main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
    h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 2em 0 0.6em; }
    h1 { font-size: 1.9rem; margin-top: 0.5em; }
    h2 { font-size: 1.4rem; padding-bottom: 0.25em; border-bottom: 1px solid var(--line); }
    h3 { font-size: 1.15rem; }
    a { color: var(--link); }
    img { max-width: 100%; height: auto; background: #ffffff; border-radius: 4px; }
    figure { margin: 1.5rem 0; position: relative; }
    figure img { display: block; margin: 0 auto; outline: 1px solid var(--line); outline-offset: -1px; cursor: zoom-in; }
    .full { position: absolute; opacity: 0; pointer-events: none; }
    .picture { display: block; overflow-x: auto; }
    .full:checked ~ .picture img { max-width: none; margin: 0; cursor: zoom-out; }
    .full:focus-visible ~ .picture { outline: 2px solid var(--link); }
    .size { display: none; color: var(--link); cursor: pointer; white-space: nowrap; }
    .size.large { display: inline; }
    @media (max-width: 60rem) { .size { display: inline; } }
    @media (prefers-color-scheme: dark) { img { filter: brightness(0.8); } .full:checked ~ .picture img { filter: none; } }
    iframe { width: 100%; height: 46rem; border: 1px solid var(--line); border-radius: 6px; }
    figcaption, caption, .note { color: var(--quiet); font-size: 0.92rem; }
    figcaption { text-align: center; margin-top: 0.5rem; }
    caption { caption-side: top; text-align: left; padding-bottom: 0.4rem; }
    .table { overflow-x: auto; margin: 1.25rem 0; container-type: inline-size; }
    .fit { position: sticky; left: 0; max-width: 88vw; max-width: 100cqw; }
    table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
    th, td { padding: 0.3rem 0.7rem; border: 1px solid var(--line); text-align: left; vertical-align: top; }
    th { background: var(--tint); }
    .wide th, .wide td { padding: 0.3rem 0.45rem; }
    .wide { font-size: 0.86rem; }
    .words, .wide .words { padding: 0.2rem 0; border-top: 0; color: var(--quiet); font-weight: normal; }
    .words .fit { box-sizing: border-box; padding: 0 0.45rem; }
    tr:has(+ tr > .words) > * { border-bottom: 0; }
    .right { text-align: right; }
    .center { text-align: center; }
    code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.88em; }
    code { background: var(--tint); border-radius: 4px; padding: 0.1em 0.3em; overflow-wrap: anywhere; }
    pre { background: var(--tint); border-radius: 6px; padding: 0.8rem 1rem; overflow-x: auto; line-height: 1.45; }
    pre code { background: none; padding: 0; overflow-wrap: normal; }
    blockquote { margin: 1rem 0; padding: 0 1rem; border-left: 4px solid var(--line); color: var(--quiet); }
    hr { border: 0; border-top: 1px solid var(--line); margin: 2rem 0; }
    details { margin: 1rem 0 0.5rem; }
    summary { color: var(--quiet); font-size: 0.85rem; cursor: pointer; }
    @media print { details, .size { display: none; } figure { break-inside: avoid; } }
    """
}
