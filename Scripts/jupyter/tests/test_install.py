"""Installing and removing the kernel, and programs that cannot be talked to."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import common
from bvae_script_kernel import __main__ as command
from bvae_script_kernel.outputs import Outputs
from bvae_script_kernel.server import Server, ServerProblem, find_program


def run(*words: str) -> tuple[int, str, str]:
    """The exit code of a command, what it says, and what it says of errors."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = command.main(list(words))
        except SystemExit as end:
            code = int(end.code or 0)
    return code, out.getvalue(), err.getvalue()


class InstallTests(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=common.FOLDER))
        self.addCleanup(os.environ.__setitem__, "BVAE_SCRIPT", common.PROGRAM)

    def program(self, text: str) -> str:
        """A program for the shell."""
        path = self.folder / "program"
        path.write_text("#!/bin/sh\n" + text + "\n", encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    def test_install_and_uninstall(self) -> None:
        place = self.folder / "share/jupyter/kernels/bvae-script"
        code, said, _ = run("install", "--prefix", str(self.folder))
        self.assertEqual(code, 0)
        self.assertIn(str(place), said)
        self.assertIn("version", said)
        description = json.loads((place / "kernel.json").read_text())
        self.assertEqual(description["argv"][1:], ["-m", "bvae_script_kernel", "-f", "{connection_file}"])
        self.assertEqual(description["language"], "bvs")
        self.assertTrue((place / "logo-svg.svg").exists())
        words = ["--prefix", str(self.folder), "--program", common.PROGRAM, "--", "--threads", "1"]
        code, said, _ = run("install", *words)
        self.assertEqual(code, 0)
        argv = json.loads((place / "kernel.json").read_text())["argv"]
        self.assertEqual(argv[5:], ["--program", common.PROGRAM, "--", "--threads", "1"])
        self.assertEqual(run("uninstall", "--prefix", str(self.folder))[0], 0)
        self.assertFalse(place.exists())
        code, _, wrong = run("uninstall", "--prefix", str(self.folder))
        self.assertEqual(code, 1)
        self.assertIn("there is no kernel", wrong)

    def test_other_kernels_are_not_removed(self) -> None:
        place = self.folder / "share/jupyter/kernels/other"
        place.mkdir(parents=True)
        for text in ('{"argv": ["python3", "-m", "ipykernel"]}', "[]", "nonsense"):
            (place / "kernel.json").write_text(text)
            code, _, wrong = run("uninstall", "--prefix", str(self.folder), "--name", "other")
            self.assertEqual((code, "another one" in wrong), (1, True))
            self.assertTrue(place.exists())

    def test_missing_program(self) -> None:
        os.environ["BVAE_SCRIPT"] = "/nowhere/bvae-script"
        code, said, wrong = run("install", "--prefix", str(self.folder))
        self.assertEqual(code, 0, "it may come later")
        self.assertIn("/nowhere/bvae-script", wrong)
        code, said, wrong = run("install", "--prefix", str(self.folder), "--program", "/nowhere/else")
        self.assertEqual(code, 1)
        self.assertIn("there is no program '/nowhere/else'", wrong)

    def test_names_and_options(self) -> None:
        self.assertEqual(run("install", "--prefix", str(self.folder), "--name", "a b")[0], 1)
        code, _, wrong = run("install", "--prefix", str(self.folder), "--", "--no-such-option")
        self.assertEqual(code, 1)
        self.assertIn("--no-such-option", wrong)
        self.assertFalse((self.folder / "share").exists())
        self.assertEqual(run()[0], 2)
        self.assertEqual(run("install", "--help")[0], 0)
        self.assertEqual(run("--version")[0], 0)

    def test_where_the_program_is(self) -> None:
        self.assertEqual(find_program("/other"), common.PROGRAM)
        del os.environ["BVAE_SCRIPT"]
        with self.assertRaisesRegex(ServerProblem, "installed with the program '/other'"):
            find_program("/other")
        self.assertEqual(find_program(common.PROGRAM), common.PROGRAM)

    def test_programs_that_speak_otherwise(self) -> None:
        for said, expected in (
            ("echo '{\"event\": \"hello\", \"protocol\": 2}'; cat", "speaks version 2 .* install the kernel of"),
            ("echo '{\"event\": \"hello\", \"protocol\": 0}'; cat", "speaks version 0 .* install the program of"),
            ("echo 'what is --server?' >&2; exit 64", "(?s)does not speak.*ended with code 64.*what is --server"),
            ("echo hello; echo '[1]'; echo '\"event\"'; exit 3", "does not speak"),
        ):
            with self.assertRaisesRegex(ServerProblem, expected):
                Server(self.program(said), [], lambda line: None)
        with self.assertRaisesRegex(ServerProblem, "cannot be started"):
            Server(str(self.folder), [], lambda line: None)

    def test_cell_without_a_program(self) -> None:
        self.assertEqual(common.install("bvae-script-lacking"), 0)
        os.environ["BVAE_SCRIPT"] = "/nowhere/bvae-script"
        notebook = common.Notebook("bvae-script-lacking")
        try:
            cell = notebook.run("1 + 1")
            self.assertEqual((cell.reply["status"], cell.reply["ename"]), ("error", "ServerProblem"))
            self.assertIn("BVAE_SCRIPT names the program '/nowhere/bvae-script'", cell.reply["evalue"])
            self.assertEqual(notebook.ask(notebook.client.complete("tr"))["matches"], [])
            self.assertFalse(notebook.ask(notebook.client.inspect("train"))["found"])
        finally:
            notebook.close()

    def test_options_reach_the_program(self) -> None:
        self.assertEqual(common.install("bvae-script-options", "--", "--set", "x=41"), 0)
        notebook = common.Notebook("bvae-script-options")
        try:
            self.assertEqual(notebook.run("x + 1").text(), "42\n")
        finally:
            notebook.close()

    def test_module_as_a_command(self) -> None:
        words = [sys.executable, "-m", "bvae_script_kernel", "--version"]
        self.assertEqual(subprocess.run(words, capture_output=True, text=True, check=True).stdout, "0.2.0\n")


class EventTests(unittest.TestCase):
    """Events that only some commands give, or that come in an order of their own."""

    def show(self, *events: dict) -> list[tuple[str, dict]]:
        messages: list[tuple[str, dict]] = []
        outputs = Outputs(lambda kind, content: messages.append((kind, content)))
        for event in events:
            outputs.take(event)
        outputs.end()
        return messages

    def test_pages(self) -> None:
        path = common.FOLDER / "page.html"
        path.write_text('<h1 class="a">One & two</h1>', encoding="utf-8")
        ((kind, content),) = self.show({"event": "page", "path": str(path), "title": "A <page>"})
        self.assertEqual(kind, "display_data")
        self.assertIn("&lt;h1 class=&quot;a&quot;&gt;One &amp; two&lt;/h1&gt;", content["data"]["text/html"])
        self.assertEqual(content["data"]["text/plain"], f"A <page>: {path}")
        path.write_bytes(b"x" * (Outputs.LARGEST_PAGE + 1))
        ((kind, content),) = self.show({"event": "page", "path": str(path)})
        self.assertIn(f'<a href="{path}">', content["data"]["text/html"])
        ((kind, content),) = self.show({"event": "page", "path": "/nowhere/page.html"})
        self.assertEqual((kind, content["name"]), ("stream", "stderr"))

    def test_unknown_events_are_passed_over(self) -> None:
        self.assertEqual(self.show({"event": "song", "notes": "la"}), [])

    def test_remarks_are_no_html(self) -> None:
        ((_, content),) = self.show({"event": "note", "text": "a < b"})
        self.assertIn("a &lt; b", content["data"]["text/html"])

    def test_bars_end_as_lines(self) -> None:
        bar = {"event": "progress", "title": "training", "text": "training ██░░  50 %, 3 s left", "fraction": 0.5}
        ended = {"event": "progress", "ended": True}
        self.assertEqual(self.show(bar, ended), [], "what is quick leaves nothing")
        old, Outputs.BAR_AFTER = Outputs.BAR_AFTER, 0
        try:
            messages = self.show(bar, ended)
            self.assertEqual([kind for kind, _ in messages], ["display_data", "update_display_data"])
            self.assertIn("training <progress", messages[0][1]["data"]["text/html"])
            self.assertIn("> 50 %, 3 s left<", messages[0][1]["data"]["text/html"])
            self.assertRegex(messages[1][1]["data"]["text/plain"], r"^training: \d\.\d s$")
            messages = self.show(bar, ended, {"event": "note", "text": "trained"}, {"event": "note", "text": "more"})
            self.assertEqual([kind for kind, _ in messages], ["display_data", "update_display_data", "display_data"])
            self.assertEqual([content["data"]["text/plain"] for _, content in messages][1:], ["trained", "more"])
            messages = self.show(bar, {"event": "text", "text": "meanwhile"})
            self.assertRegex(messages[1][1]["data"]["text/plain"], r"^training: ", "also without an end")
            self.assertEqual([kind for kind, _ in messages], ["display_data", "update_display_data", "stream"])
        finally:
            Outputs.BAR_AFTER = old


if __name__ == "__main__":
    unittest.main()
