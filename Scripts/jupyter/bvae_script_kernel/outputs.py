"""What a cell shows: the server's events as messages of Jupyter."""

from __future__ import annotations

import html
import os
import time
import uuid
from typing import Any, Callable, Optional

from .server import Event

Data = dict[str, str]
"""What is shown, by its MIME type."""


class Outputs:
    """Turns the events of a run into outputs of its cell.

    Lines of text, and lines of prose, are gathered for a moment, so that a loop that prints does not flood the notebook
    and a paragraph is one output. A progress is an output that changes in place; at its end it becomes one line: the
    note that says what was done, which the server tells next, or the time that it took."""

    BAR_AFTER = 0.5
    """Seconds until a bar appears: what is quicker leaves nothing behind."""
    BAR_EVERY = 0.2
    """Seconds between two changes of a bar."""
    GATHERED_FOR = {"stdout": 0.1, "stderr": 0.1, "prose": 1.0}
    """How long lines are held back, in seconds, by what they are."""
    LARGEST_PAGE = 8 << 20
    """Pages of more bytes are linked to, not put into the notebook."""

    def __init__(self, publish: Callable[[str, dict[str, Any]], None]) -> None:
        """`publish` sends a message, given its type and content."""
        self._publish = publish
        self._lines: list[str] = []
        self._kind = ""
        self._since = 0.0
        self._bar: Optional[Bar] = None

    def take(self, event: Event) -> None:
        """Shows an event; those of unknown names are passed over."""
        show = self._SHOWN.get(event["event"])
        if show:
            show(self, event)

    def pause(self) -> None:
        """Shows what was held back for long enough; called often while no event comes."""
        if self._lines and time.monotonic() - self._since >= self.GATHERED_FOR[self._kind]:
            self._flush()
        if self._bar and self._bar.ended and time.monotonic() - self._bar.ended >= 0.3:
            self._settle()

    def end(self) -> None:
        """Shows what was held back: the run has ended."""
        self._flush()
        self._settle()

    # Events

    def _text(self, event: Event) -> None:
        self._gather("stdout", event["text"])

    def _warning(self, event: Event) -> None:
        self._gather("stderr", "warning: " + event["text"])

    def _prose(self, event: Event) -> None:
        self._gather("prose", event["markdown"])

    def _table(self, event: Event) -> None:
        self._display({"text/html": event["html"], "text/plain": event["text"]})

    def _note(self, event: Event) -> None:
        data = quiet(event["text"])
        if self._bar and self._bar.ended:
            self._settle(data)
        else:
            self._display(data)

    def _picture(self, event: Event) -> None:
        width, height = event["width"], event["height"]
        title = event.get("title") or f"a picture, {width}×{height}"
        metadata = {"image/png": {"width": width, "height": height, "alt": title}}
        self._display({"image/png": event["png"], "text/plain": title}, metadata)

    def _page(self, event: Event) -> None:
        path, title = event["path"], event.get("title") or event["path"]
        text, name = f"{title}: {path}", html.escape(title)
        try:
            if os.path.getsize(path) <= self.LARGEST_PAGE:
                with open(path, encoding="utf-8", errors="replace") as file:
                    page = html.escape(file.read())
                frame = f'<iframe title="{name}" srcdoc="{page}" width="100%" height="640" style="border: 0"></iframe>'
                # JupyterLab leaves frames out of notebooks that it does not trust.
                note = f'<small>{html.escape(text)}</small>'
                return self._display({"text/html": frame + note, "text/plain": text})
        except OSError as error:
            return self._gather("stderr", f"the page '{path}' cannot be read: {error.strerror}")
        self._display({"text/html": f'<a href="{html.escape(path)}">{name}</a>', "text/plain": text})

    def _clear(self, event: Event) -> None:
        self._lines = []
        self._settle()
        self._publish("clear_output", {"wait": False})

    def _progress(self, event: Event) -> None:
        now = time.monotonic()
        if event.get("ended"):
            if self._bar:
                self._bar.ended = now
                if not self._bar.is_shown:
                    self._bar = None
            return
        if self._bar and self._bar.ended:
            self._settle()
        bar = self._bar = self._bar or Bar(now)
        bar.title = event["title"]
        if now - bar.since < self.BAR_AFTER or now - bar.told < self.BAR_EVERY:
            return
        self._flush()
        bar.told = now
        self._show_bar(bar, progress(event))

    _SHOWN = {
        "text": _text,
        "warning": _warning,
        "prose": _prose,
        "table": _table,
        "note": _note,
        "picture": _picture,
        "page": _page,
        "clear": _clear,
        "progress": _progress,
    }

    # Messages

    def _display(self, data: Data, metadata: Optional[dict[str, Any]] = None) -> None:
        self._flush()
        self._settle()
        self._publish("display_data", {"data": data, "metadata": metadata or {}, "transient": {}})

    def _gather(self, kind: str, text: str) -> None:
        self._settle()
        if self._kind != kind:
            self._flush()
        if not self._lines:
            self._kind, self._since = kind, time.monotonic()
        self._lines.append(text)
        if kind != "prose" and time.monotonic() - self._since >= self.GATHERED_FOR[kind]:
            self._flush()

    def _flush(self) -> None:
        """Shows the lines that were gathered."""
        lines, self._lines = self._lines, []
        if not lines:
            return
        text = "\n".join(lines)
        if self._kind == "prose":
            if text.strip():
                data = {"text/markdown": text, "text/plain": text}
                self._publish("display_data", {"data": data, "metadata": {}, "transient": {}})
        else:
            self._publish("stream", {"name": self._kind, "text": text + "\n"})

    def _show_bar(self, bar: Bar, data: Data) -> None:
        content = {"data": data, "metadata": {}, "transient": {"display_id": bar.id}}
        self._publish("update_display_data" if bar.is_shown else "display_data", content)
        bar.is_shown = True

    def _settle(self, data: Optional[Data] = None) -> None:
        """Replaces a bar that can be seen by what is left of it: this, or how long it took."""
        bar, self._bar = self._bar, None
        if not bar or not bar.is_shown:
            return
        self._show_bar(bar, data or quiet(f"{bar.title}: {duration((bar.ended or time.monotonic()) - bar.since)}"))


class Bar:
    """A progress: what it is called, when it began, when it was last shown and when it ended, in seconds."""

    def __init__(self, since: float) -> None:
        self.id = uuid.uuid4().hex
        self.title = ""
        self.since = since
        self.told = 0.0
        self.ended = 0.0
        self.is_shown = False


def quiet(text: str) -> Data:
    """A remark, smaller and paler than results."""
    style = "font-size: smaller; opacity: 0.7; padding-left: 0.6em; white-space: pre-wrap"
    return {"text/html": f'<div style="{style}">{html.escape(text)}</div>', "text/plain": text}


def progress(event: Event) -> Data:
    """A bar with what is told beside it."""
    title, line = event["title"], event["text"]
    rest = line.removeprefix(title).strip(" ░▏▎▍▌▋▊▉█")
    value = f' value="{event["fraction"]:.4f}"' if "fraction" in event else ""
    bar = f"{html.escape(title)} <progress{value} max=\"1\"></progress> {html.escape(rest)}"
    return {"text/html": f'<div style="padding-left: 0.5em">{bar}</div>', "text/plain": line}


def duration(seconds: float) -> str:
    """Seconds as one says them: `0.8 s`, `12 s`, `3 min 5 s`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
