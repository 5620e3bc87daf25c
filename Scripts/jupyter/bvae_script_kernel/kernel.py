"""The kernel: Jupyter's requests become the server's, and its events become outputs."""

from __future__ import annotations

import atexit
import queue
import signal
from typing import Any, Optional

from ipykernel.kernelbase import Kernel
from traitlets import List, Unicode

from . import __version__
from .history import History, history_file
from .outputs import Outputs
from .server import Event, Server, ServerProblem, find_program

NEW_SESSION = (
    "The next cell starts a new session without variables: run the cells above again. "
    "Trainings that finished come from the store."
)
"""What is said when the program has ended in a cell."""


class ScriptKernel(Kernel):
    """One notebook, one process of `bvae-script --server`.

    A cell is run in the main thread, which waits for the server's events. An interruption, SIGINT, only sets a mark,
    on which the waiting loop sends `stop`: no exception can tear a message or the session apart, however often it
    comes."""

    implementation = "bvae-script"
    implementation_version = __version__
    banner = "bvae-script: scripts about β-variational autoencoders; 'help' lists the commands"
    language_info = {
        "name": "bvs",
        "mimetype": "text/x-bvs",
        "file_extension": ".bvs",
        "pygments_lexer": "bvs",
        # JupyterLab does not know the language; Julia's 'for … end', '#' and quotes are like it.
        "codemirror_mode": "julia",
    }

    program = Unicode("", help="The program, unless BVAE_SCRIPT names one or it is on the PATH.").tag(config=True)
    options = List(Unicode(), help="Options that the program is started with.").tag(config=True)

    POLL = 0.05
    """Seconds after which the waiting loop looks for an interruption."""

    def __init__(self, **members: Any) -> None:
        super().__init__(**members)
        self._server: Optional[Server] = None
        self._server_before: Optional[Server] = None  # the one that ran the last cell
        self._is_closing = False
        self._is_interrupted = False
        self._history = History(history_file())
        atexit.register(self._close)

    @property
    def kernel_info(self) -> dict[str, Any]:
        """What Jupyter is told of the kernel: it has no debugger, and one cell runs at a time."""
        return {**super().kernel_info, "supported_features": []}

    # The server

    def _running(self) -> Server:
        """The server, which is started where there is none.

        Raises `ServerProblem` where it cannot be."""
        if self._server and self._server.is_alive:
            return self._server
        if self._is_closing:
            raise ServerProblem("the kernel is about to end")
        self._server = Server(find_program(self.program), list(self.options), self._remark)
        return self._server

    def _remark(self, line: str) -> None:
        if self.log:
            self.log.warning("bvae-script: %s", line)

    def _answer(self, request: str, **members: Any) -> Event:
        """The answer to a question, empty where there is none."""
        try:
            return self._running().answer(request, **members)
        except ServerProblem:
            return {}

    def _close(self) -> None:
        self._is_closing = True
        if self._server and self._server.is_alive:
            self._server.close()

    # Interruptions

    def pre_handler_hook(self) -> None:
        """While a request is handled, SIGINT is only noticed."""
        self._is_interrupted = False
        self.saved_sigint_handler = signal.signal(signal.SIGINT, self._interrupt)

    def _interrupt(self, *_: object) -> None:
        self._is_interrupted = True

    # Cells

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: Optional[dict[str, str]] = None,
        allow_stdin: bool = False,
        *,
        cell_meta: Optional[dict[str, Any]] = None,
        cell_id: Optional[str] = None,
    ) -> dict[str, Any]:
        """Runs a cell; gives the content of the reply."""
        if store_history and not silent and code.strip():
            self._history.add(self.execution_count, code)
        outputs = Outputs(lambda kind, content: None if silent else self._publish(kind, content))
        try:
            server = self._running()
        except ServerProblem as problem:
            return self._failed("ServerProblem", str(problem), [str(problem)], silent)
        if self._server_before and server is not self._server_before:
            outputs.take({"event": "note", "text": "A new session: the variables of earlier cells are gone."})
        self._server_before = server
        end = self._wait(server, server.ask("run", code=code, name=f"In [{self.execution_count}]"), outputs)
        outputs.end()
        if end.get("status") == "quit":
            server.close()
            self._server = None
        return self._reply(end, silent)

    def _wait(self, server: Server, events: queue.SimpleQueue[Event], outputs: Outputs) -> Event:
        """Shows events until the run ends; gives the last one."""
        while True:
            if self._is_interrupted:
                self._is_interrupted = False
                server.stop()
            try:
                event = events.get(timeout=self.POLL)
            except queue.Empty:
                outputs.pause()
                continue
            if event["event"] in ("done", "ended"):
                return event
            outputs.take(event)

    def _reply(self, end: Event, silent: bool) -> dict[str, Any]:
        """The reply to a run that ended so."""
        status = end.get("status")
        if status == "ok":
            return self._done()
        if status == "quit":
            return self._done([{"source": "ask_exit", "keepkernel": False}])
        if status == "stopped":
            return self._failed("KeyboardInterrupt", "", ["Stopped."], silent)
        if status == "error":
            found = end.get("diagnostics") or [{}]
            message = end.get("message") or found[0].get("message", "the cell has failed")
            return self._failed("ScriptError", message, [one.get("text", message) for one in found], silent)
        text = end.get("text", "bvae-script has ended")
        return self._failed("ServerEnded", text.splitlines()[0], [text, NEW_SESSION], silent)

    def _done(self, payload: Optional[list[dict[str, Any]]] = None) -> dict[str, Any]:
        return {
            "status": "ok",
            "execution_count": self.execution_count,
            "payload": payload or [],
            "user_expressions": {},
        }

    def _failed(self, name: str, message: str, lines: list[str], silent: bool) -> dict[str, Any]:
        """Shows why a cell has failed; gives the reply."""
        error = {"ename": name, "evalue": message, "traceback": lines}
        if not silent:
            self._publish("error", error)
        return {"status": "error", "execution_count": self.execution_count, **error}

    def _publish(self, kind: str, content: dict[str, Any]) -> None:
        self.send_response(self.iopub_socket, kind, content)

    # Questions

    async def do_complete(self, code: str, cursor_pos: int) -> dict[str, Any]:
        """What could complete the word before the cursor."""
        found = self._answer("complete", code=code, position=cursor_pos)
        matches = found.get("matches", [])
        start, end = found.get("start", cursor_pos), found.get("end", cursor_pos)
        types = [
            {"start": start, "end": end, "text": one["text"], "type": kind(one.get("summary", "")), "signature": ""}
            for one in matches
        ]
        return {
            "status": "ok",
            "matches": [one["text"] for one in matches],
            "cursor_start": start,
            "cursor_end": end,
            "metadata": {"_jupyter_types_experimental": types} if types else {},
        }

    async def do_inspect(
        self, code: str, cursor_pos: int, detail_level: int = 0, omit_sections: Any = ()
    ) -> dict[str, Any]:
        """What is known of the word at the cursor."""
        found = self._answer("inspect", code=code, position=cursor_pos)
        data = {"text/plain": found["text"]} if found.get("found") else {}
        return {"status": "ok", "found": bool(data), "data": data, "metadata": {}}

    async def do_is_complete(self, code: str) -> dict[str, Any]:
        """Whether Enter runs a text or starts another line of it."""
        found = self._answer("whole", code=code)
        if "whole" not in found:
            return {"status": "unknown"}
        if found["whole"]:
            return {"status": "complete"}
        return {"status": "incomplete", "indent": found.get("indent", "")}

    async def do_history(
        self,
        hist_access_type: str,
        output: bool,
        raw: bool,
        session: Optional[int] = None,
        start: Optional[int] = None,
        stop: Optional[int] = None,
        n: Optional[int] = None,
        pattern: Optional[str] = None,
        unique: bool = False,
    ) -> dict[str, Any]:
        """Cells of this session and of earlier ones. What they showed is not kept."""
        if hist_access_type == "tail":
            entries = self._history.tail(n or 0)
        elif hist_access_type == "range":
            entries = self._history.range(session or 0, start or 0, stop)
        else:
            entries = self._history.search(pattern or "*", n, unique)
        return {
            "status": "ok",
            "history": [(entry[0], entry[1], (entry[2], None) if output else entry[2]) for entry in entries],
        }

    async def do_shutdown(self, restart: bool) -> dict[str, Any]:
        """Ends the session; a training that runs writes its checkpoint."""
        self._close()
        return {"status": "ok", "restart": restart}


def kind(summary: str) -> str:
    """What a list of completions shows beside one: what a variable holds, such as `model`, or `folder`. A sentence has
    no room there; inspection shows it."""
    word = summary.removeprefix("a ").removeprefix("an ")
    return word if word.isalpha() else ""
