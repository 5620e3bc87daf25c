"""What the tests share: a kernel that is installed into a folder of its own, and conversations with it.

The program is that of `BVAE_SCRIPT`, else the one that was built here."""

from __future__ import annotations

import atexit
import os
import pathlib
import queue
import shutil
import sys
import tempfile
import time
import unittest
from typing import Any, Callable, Optional

from jupyter_client.manager import KernelManager

from bvae_script_kernel import __main__ as command

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="bvae-jupyter-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
PROGRAM = os.environ.get("BVAE_SCRIPT") or str(ROOT / ".build/release/bvae-script")
if not os.access(PROGRAM, os.X_OK):
    sys.exit(f"there is no program {PROGRAM}: build it, or name one in BVAE_SCRIPT")
KERNEL = "bvae-script-test"
SECONDS = 60
"""How long a test waits for anything."""

os.environ["BVAE_SCRIPT"] = PROGRAM
os.environ["BVAE_STORE"] = str(FOLDER / "store")
os.environ["XDG_STATE_HOME"] = str(FOLDER / "state")
os.environ["XDG_CACHE_HOME"] = str(FOLDER / "cache")
os.environ["JUPYTER_PATH"] = str(FOLDER / "share/jupyter")
os.environ["IPYTHONDIR"] = str(FOLDER / "ipython")
os.makedirs(FOLDER / "work", exist_ok=True)

LONG = "ones = load mnist digits 1 count 200\nmodel = vae for ones latents 4 seed 3\ntrain model on ones epochs 100000"
"""A cell that runs until it is stopped."""


def install(name: str = KERNEL, *words: str) -> int:
    """Installs the kernel for the tests; gives the exit code."""
    sys.stdout.flush()
    out, sys.stdout = sys.stdout, open(os.devnull, "w", encoding="utf-8")
    try:
        return command.main(["install", "--prefix", str(FOLDER), "--name", name, *words])
    finally:
        sys.stdout.close()
        sys.stdout = out


class Cell:
    """What a cell has given: the reply's content, and the messages about it in their order."""

    def __init__(self, reply: dict[str, Any], messages: list[dict[str, Any]]) -> None:
        self.reply, self.messages = reply, messages

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The contents of the messages of a type."""
        return [message["content"] for message in self.messages if message["msg_type"] == kind]

    def text(self, name: str = "stdout") -> str:
        """What a stream has shown."""
        return "".join(content["text"] for content in self.of("stream") if content["name"] == name)

    def shown(self) -> list[dict[str, str]]:
        """The displays as they are at the end, after all updates: their data by MIME type."""
        displays: list[dict[str, Any]] = []
        for message in self.messages:
            content = message["content"]
            place = content.get("transient", {}).get("display_id")
            if message["msg_type"] == "display_data":
                displays.append({"id": place, "data": content["data"]})
            elif message["msg_type"] == "update_display_data":
                for display in displays:
                    if display["id"] == place:
                        display["data"] = content["data"]
        return [display["data"] for display in displays]


class Notebook:
    """A kernel of one's own."""

    def __init__(self, name: str = KERNEL) -> None:
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel(cwd=str(FOLDER / "work"))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=SECONDS)

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel()

    def run(self, code: str, meanwhile: Optional[Callable[[dict[str, Any]], None]] = None, **options: Any) -> Cell:
        """Runs a cell; `meanwhile` is called with each message about it. A cell that follows a failed one so soon that
        it is given up with it is run again."""
        number = self.client.execute(code, **options)
        messages = []
        while True:
            message = self.client.get_iopub_msg(timeout=SECONDS)
            if message["parent_header"].get("msg_id") != number:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
            messages.append(message)
            if meanwhile:
                meanwhile(message)
        reply = self.reply(number)
        return self.run(code, meanwhile, **options) if reply["status"] == "aborted" else Cell(reply, messages)

    def ask(self, number: str) -> dict[str, Any]:
        """The reply to a question, given its message."""
        return self.reply(number)

    def reply(self, number: str) -> dict[str, Any]:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            message = self.client.get_shell_msg(timeout=SECONDS)
            if message["parent_header"].get("msg_id") == number:
                return message["content"]
        raise queue.Empty

    def server(self) -> int:
        """The process of the program."""
        found = children(self.manager.provisioner.process.pid)
        assert len(found) == 1, f"one program should run, not {found}"
        return found[0]


def children(process: int) -> list[int]:
    """The processes that a process has started, threads of all kinds included."""
    found = []
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/children", encoding="ascii") as file:
            found += [int(word) for word in file.read().split()]
    return found


def is_running(process: int) -> bool:
    """Whether a process is there and not about to be buried."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def ends(process: int, seconds: float = SECONDS) -> bool:
    """Whether a process ends in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not is_running(process):
            return True
        time.sleep(0.05)
    return False


class NotebookTests(unittest.TestCase):
    """Tests with a kernel for all of them."""

    notebook: Notebook

    @classmethod
    def setUpClass(cls) -> None:
        assert install() == 0
        cls.notebook = Notebook()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.notebook.close()
