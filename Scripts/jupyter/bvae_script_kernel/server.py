"""The process of `bvae-script --server` and the conversation with it.

The protocol, JSON lines on standard input and output, is described in `Sources/Server/README.md`. One process is one
session: its variables live as long as it does.
"""

from __future__ import annotations

import collections
import itertools
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
import time
from typing import Any, Callable

PROTOCOL = 1
"""The version of the protocol that is spoken here."""

VARIABLE = "BVAE_SCRIPT"
"""The environment variable that names the program."""

Event = dict[str, Any]


def _whole(text: str) -> str:
    """The text without halves of characters, which no UTF-8 and so no script can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class ServerProblem(Exception):
    """Why there is no server; the text tells the user what to do."""


def find_program(recorded: str = "") -> str:
    """Where the program is: `BVAE_SCRIPT` comes first, so that another one can be tried, then the path that was
    recorded by `install --program`, then the PATH.

    Raises `ServerProblem` where there is none."""
    named, origin = os.environ.get(VARIABLE, ""), f"the environment variable {VARIABLE} names"
    if not named:
        named, origin = recorded, "this kernel was installed with"
    found = shutil.which(os.path.expanduser(named or "bvae-script"))
    if found:
        return found
    if named:
        raise ServerProblem(f"{origin} the program '{named}', and there is no such program")
    raise ServerProblem(
        "the program bvae-script is not on the PATH; put it there, name it in the environment variable "
        f"{VARIABLE}, or install the kernel again with --program PATH"
    )


class Server:
    """A session of the program, in a process of its own.

    The process is the leader of a session of its own, so that the signal by which Jupyter interrupts a kernel does not
    reach it: an interruption becomes a request to stop, and what was done so far is kept.

    A thread reads what the program tells and hands each event to whoever asked, so that several threads may ask."""

    START_SECONDS = 60.0
    """How long a program may take until it says what it speaks."""

    def __init__(self, program: str, options: list[str], remark: Callable[[str], None]) -> None:
        """Starts the program with further options; `remark` gets the lines that it writes to standard error.

        Raises `ServerProblem` where it does not start, or speaks another version of the protocol."""
        self._remark = remark
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, queue.SimpleQueue[Event]] = {}
        self._has_ended = False
        self._last_lines: collections.deque[str] = collections.deque(maxlen=20)
        self._hello: queue.SimpleQueue[Event] = queue.SimpleQueue()
        try:
            self._process = subprocess.Popen(
                [program, "--server", *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise ServerProblem(f"'{program}' cannot be started: {error.strerror}") from error
        self._errors = threading.Thread(target=self._read_errors, daemon=True)
        self._errors.start()
        threading.Thread(target=self._read_events, daemon=True).start()
        self.version = self._greeted(program)
        """The version of the program."""

    def _greeted(self, program: str) -> str:
        """Waits for the program's first line, and gives its version."""
        try:
            hello = self._hello.get(timeout=self.START_SECONDS)
        except queue.Empty:
            self.close(patience=0)
            raise ServerProblem(f"'{program} --server' does not answer") from None
        if hello.get("event") != "hello":
            self.close(patience=0)
            raise ServerProblem(f"'{program} --server' does not speak the protocol of this kernel\n{hello['text']}")
        spoken = hello.get("protocol")
        if spoken != PROTOCOL:
            self.close(patience=0)
            older = isinstance(spoken, int) and spoken < PROTOCOL
            raise ServerProblem(
                f"'{program}' speaks version {spoken} of the protocol and this kernel version {PROTOCOL}; "
                f"install the {'program' if older else 'kernel'} of the other's release"
            )
        return str(hello.get("version", ""))

    # What is asked for

    def ask(self, request: str, **members: Any) -> queue.SimpleQueue[Event]:
        """Sends a request. Gives its events as they come; the last of them is `done`, or `ended` with a `text` where
        the program ends without an answer."""
        events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        with self._lock:
            number = next(self._numbers)
            if self._has_ended:
                events.put(self._ending())
                return events
            self._waiting[number] = events
            whole = {name: _whole(value) if isinstance(value, str) else value for name, value in members.items()}
            line = json.dumps({"id": number, "request": request, **whole}) + "\n"
            try:
                assert self._process.stdin
                self._process.stdin.write(line.encode())
                self._process.stdin.flush()
            except (OSError, ValueError):
                pass  # It has ended; the thread that reads what it writes is about to say so.
        return events

    def answer(self, request: str, seconds: float = 10.0, **members: Any) -> Event:
        """Sends a request, and gives the event that it ends with; an empty one if there is none in time."""
        events, end = self.ask(request, **members), time.monotonic() + seconds
        try:
            while True:
                event = events.get(timeout=max(0.0, end - time.monotonic()))
                if event.get("event") == "done":
                    return event
                if event.get("event") == "ended":
                    return {}
        except queue.Empty:
            return {}

    def stop(self) -> None:
        """Asks for what runs to be stopped; it ends with the status `stopped`."""
        self.ask("stop")

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked something."""
        return not self._has_ended

    def close(self, patience: float = 8.0) -> None:
        """Ends the program: what runs is stopped and writes its checkpoint, for which it has some seconds."""
        if patience:
            self.stop()
        with self._lock:
            try:
                assert self._process.stdin
                self._process.stdin.close()
            except OSError:
                pass
        for seconds, end in ((patience, self._process.terminate), (2.0, self._process.kill), (2.0, lambda: None)):
            try:
                self._process.wait(timeout=seconds)
                return
            except subprocess.TimeoutExpired:
                end()

    # What it says

    def _read_events(self) -> None:
        assert self._process.stdout
        with self._process.stdout as lines:
            for line in lines:
                self._take(line)
        self._process.wait()
        self._errors.join(timeout=1.0)
        with self._lock:
            self._has_ended = True
            for events in self._waiting.values():
                events.put(self._ending())
            self._waiting.clear()
        self._hello.put(self._ending())

    def _take(self, line: bytes) -> None:
        """Hands an event to whoever asked for it."""
        try:
            event = json.loads(line)
            name, number = event["event"], event.get("id")
        except (ValueError, KeyError, TypeError, AttributeError):
            self._remark(f"not a line of the protocol: {line[:200]!r}")
            return
        if name == "hello":
            self._hello.put(event)
            return
        with self._lock:
            events = self._waiting.pop(number, None) if name == "done" else self._waiting.get(number)
        if events:
            events.put(event)

    def _read_errors(self) -> None:
        assert self._process.stderr
        with self._process.stderr as lines:
            for line in lines:
                text = line.decode(errors="replace").rstrip("\n")
                self._last_lines.append(text)
                self._remark(text)

    def _ending(self) -> Event:
        """The event that says how the process ended, with the last lines that it wrote."""
        code = self._process.returncode
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        return {"event": "ended", "text": "\n".join([f"bvae-script {how}", *self._last_lines])}
