"""What happens in a notebook: outputs, interruptions, restarts, questions."""

from __future__ import annotations

import os
import signal
import time
import unittest

import common
from common import LONG, Notebook, NotebookTests

SHORT = "ones = load mnist digits 1 count 300\nmodel = vae for ones latents 4 seed {seed}\ntrain model on ones epochs 6"
"""A training of some seconds; another seed is another training."""


class OutputTests(NotebookTests):
    """What cells show."""

    def test_text_and_errors(self) -> None:
        cell = self.notebook.run("for k in 0..2\n  print k\nend\n[1, 2]")
        self.assertEqual(cell.text(), "0\n1\n2\n[1, 2]\n")
        self.assertEqual(cell.reply["status"], "ok")
        self.assertEqual(cell.reply["user_expressions"], {})
        cell = self.notebook.run("train modle on x\ny = ")
        error = cell.of("error")[0]
        self.assertEqual((cell.reply["status"], error["ename"]), ("error", "ScriptError"))
        self.assertEqual(error["evalue"], "there is no variable 'modle'")
        self.assertEqual(len(error["traceback"]), 3, error["traceback"])
        self.assertIn(f"In [{cell.reply['execution_count']}]:1:7: error", error["traceback"][0])
        self.assertIn("^~~~~", error["traceback"][0])

    def test_many_lines_are_few_messages(self) -> None:
        cell = self.notebook.run("for k in 1..5000\n  print k\nend")
        self.assertEqual(cell.text(), "".join(f"{k}\n" for k in range(1, 5001)))
        self.assertLess(len(cell.of("stream")), 200)

    def test_prose_is_one_output(self) -> None:
        cell = self.notebook.run("n = 3\n| # The {n} ones\n|\n| It goes on\n| here.\nprint n\n| And here.")
        shown = [data["text/markdown"] for data in cell.shown()]
        self.assertEqual(shown, ["# The 3 ones\n\nIt goes on\nhere.", "And here."])
        kinds = [message["msg_type"] for message in cell.messages if message["msg_type"].startswith(("d", "st"))]
        self.assertEqual([kind for kind in kinds if kind != "status"], ["display_data", "stream", "display_data"])

    def test_pictures_have_a_size_and_a_title(self) -> None:
        cell = self.notebook.run("show (load mnist digits 1 count 3)[0]")
        content = cell.of("display_data")[0]
        self.assertEqual(set(content["metadata"]["image/png"]), {"width", "height", "alt"})
        self.assertIn("MNIST", content["data"]["text/plain"])

    def test_variables_are_a_table(self) -> None:
        self.notebook.run("über = 5")
        (data,) = self.notebook.run("variables").shown()
        self.assertIn("<table", data["text/html"])
        self.assertIn(">über</td>", data["text/html"])
        self.assertIn("über", data["text/plain"])

    def test_silent_cells_show_and_keep_nothing(self) -> None:
        before = self.notebook.run("1").reply["execution_count"]
        number = self.notebook.client.execute("quietly = 7\nprint quietly", silent=True)
        self.assertEqual(self.notebook.reply(number)["status"], "ok")
        cell = self.notebook.run("quietly")
        self.assertEqual((cell.text(), cell.reply["execution_count"]), ("7\n", before + 1))
        self.notebook.run("2 + 5", store_history=False)
        history = self.notebook.ask(self.notebook.client.history(hist_access_type="tail", n=3, raw=True, output=False))
        texts = [entry[2] for entry in history["history"]]
        self.assertEqual(texts[-1], "quietly")
        self.assertNotIn("quietly = 7\nprint quietly", texts)

    def test_progress_becomes_one_line(self) -> None:
        cell = self.notebook.run(SHORT.format(seed=11))
        bars = cell.of("update_display_data")
        self.assertGreaterEqual(len(bars), 2, "the bar should have moved")
        first = next(content for content in cell.of("display_data") if content["transient"])
        self.assertIn("<progress", first["data"]["text/html"])
        self.assertEqual({content["transient"]["display_id"] for content in bars}, {first["transient"]["display_id"]})
        shown = cell.shown()
        self.assertTrue(shown[0]["text/plain"].startswith("trained 6 epochs in"), shown)
        for data in shown:
            self.assertNotIn("<progress", data["text/html"])
            self.assertNotIn("█", data["text/plain"])
        self.assertEqual(sum("trained 6 epochs" in data["text/plain"] for data in shown), 1)


class StopTests(NotebookTests):
    """Interruptions, and programs that end."""

    def interrupt_when_it_trains(self, interrupt) -> common.Cell:
        """Runs a long training; interrupts it at its first bar."""
        done: list[bool] = []

        def watch(message: dict) -> None:
            if message["msg_type"] == "display_data" and not done:
                done.append(True)
                interrupt()

        return self.notebook.run(LONG, watch)

    def check_that_it_goes_on(self, cell: common.Cell) -> None:
        self.assertEqual(cell.reply["status"], "error")
        self.assertEqual(cell.reply["ename"], "KeyboardInterrupt")
        for data in cell.shown():
            self.assertNotIn("<progress", data.get("text/html", ""))
        cell = self.notebook.run("sheet (sweep model from ones[0] range prior steps 6)")
        self.assertEqual(cell.reply["status"], "ok", cell.reply)
        self.assertIn("image/png", cell.shown()[-1])

    def test_interrupted_training_then_sweep(self) -> None:
        self.check_that_it_goes_on(self.interrupt_when_it_trains(self.notebook.manager.interrupt_kernel))

    def test_many_interruptions(self) -> None:
        def interrupt() -> None:
            for _ in range(20):
                self.notebook.manager.interrupt_kernel()
                time.sleep(0.01)

        self.check_that_it_goes_on(self.interrupt_when_it_trains(interrupt))

    def test_interruption_by_message(self) -> None:
        client = self.notebook.client

        def interrupt() -> None:
            client.control_channel.send(client.session.msg("interrupt_request", {}))

        self.check_that_it_goes_on(self.interrupt_when_it_trains(interrupt))

    def test_interruption_of_nothing(self) -> None:
        self.notebook.manager.interrupt_kernel()
        time.sleep(0.2)
        self.assertEqual(self.notebook.run("1 + 1").text(), "2\n")

    def test_cells_that_wait_are_given_up(self) -> None:
        """After an interruption, as after a mistake, what was to follow is not run."""
        numbers = []

        def interrupt() -> None:
            numbers.append(self.notebook.client.execute("print 12345"))
            time.sleep(0.3)
            self.notebook.manager.interrupt_kernel()

        self.interrupt_when_it_trains(interrupt)
        self.assertEqual(self.notebook.reply(numbers[0])["status"], "aborted")
        self.assertEqual(self.notebook.run("1 + 1").text(), "2\n")

    def test_killed_program(self) -> None:
        self.notebook.run("x = 5")
        server = self.notebook.server()
        self.assertNotEqual(os.getpgid(server), os.getpgid(self.notebook.manager.provisioner.process.pid))
        cell = self.interrupt_when_it_trains(lambda: os.kill(server, signal.SIGKILL))
        self.assertEqual((cell.reply["status"], cell.reply["ename"]), ("error", "ServerEnded"))
        self.assertIn("SIGKILL", cell.reply["evalue"])
        self.assertIn("new session", "\n".join(cell.reply["traceback"]))
        cell = self.notebook.run("print 1 + 1")
        self.assertEqual(cell.text(), "2\n")
        self.assertIn("variables", cell.shown()[0]["text/plain"])
        self.assertEqual(self.notebook.run("x").reply["status"], "error")
        self.assertEqual(self.notebook.run("1").shown(), [])

    def test_program_killed_between_cells(self) -> None:
        self.notebook.run("x = 5")
        server = self.notebook.server()
        os.kill(server, signal.SIGKILL)
        self.assertTrue(common.ends(server))
        time.sleep(0.3)
        cell = self.notebook.run("print 1 + 1")
        self.assertEqual(cell.text(), "2\n")
        self.assertIn("A new session", cell.shown()[0]["text/plain"])

    def test_quit(self) -> None:
        cell = self.notebook.run("quit")
        self.assertEqual(cell.reply["payload"], [{"source": "ask_exit", "keepkernel": False}])
        self.assertEqual(self.notebook.run("print 3").text(), "3\n")


class LifeTests(NotebookTests):
    """Restarts and ends of kernels."""

    def setUp(self) -> None:
        self.own = Notebook()

    def tearDown(self) -> None:
        self.own.close()

    def test_restart(self) -> None:
        self.own.run("x = 5")
        server = self.own.server()
        self.own.manager.restart_kernel()
        self.own.client.wait_for_ready(timeout=common.SECONDS)
        self.assertTrue(common.ends(server, 10))
        self.assertEqual(self.own.run("x").reply["status"], "error")
        cell = self.own.run("print 4")
        self.assertEqual((cell.text(), cell.shown()), ("4\n", []))

    def test_restart_while_it_trains(self) -> None:
        self.own.client.execute(LONG)
        while self.own.client.get_iopub_msg(timeout=common.SECONDS)["msg_type"] != "display_data":
            pass
        server = self.own.server()
        self.own.manager.restart_kernel()
        self.own.client.wait_for_ready(timeout=common.SECONDS)
        self.assertTrue(common.ends(server, 10))
        self.assertEqual(self.own.run("print 4").text(), "4\n")

    def test_killed_kernel_leaves_no_program(self) -> None:
        self.own.client.execute(LONG)
        while self.own.client.get_iopub_msg(timeout=common.SECONDS)["msg_type"] != "display_data":
            pass
        server = self.own.server()
        os.kill(self.own.manager.provisioner.process.pid, signal.SIGKILL)
        self.assertTrue(common.ends(server))


class QuestionTests(NotebookTests):
    """Completion, inspection, history."""

    def complete(self, code: str) -> dict:
        return self.notebook.ask(self.notebook.client.complete(code, len(code)))

    def inspect(self, code: str, place: int) -> dict:
        return self.notebook.ask(self.notebook.client.inspect(code, place))

    def test_completion_after_other_letters(self) -> None:
        self.notebook.run("größe = 3")
        for before in ("", 'print "𝔘äß" + ', "x = grö + "):
            found = self.complete(before + "grö")
            self.assertEqual(found["matches"], ["größe"], before)
            self.assertEqual((found["cursor_start"], found["cursor_end"]), (len(before), len(before) + 3))
            types = found["metadata"]["_jupyter_types_experimental"]
            self.assertEqual([(one["text"], one["type"]) for one in types], [("größe", "number")])
        found = self.complete("load mnist spl")
        self.assertEqual(found["matches"], ["split"])
        self.assertEqual(found["metadata"]["_jupyter_types_experimental"][0]["type"], "")
        self.assertEqual(self.complete("zzzz")["matches"], [])

    def test_inspection(self) -> None:
        found = self.inspect("train", 5)
        self.assertTrue(found["found"])
        self.assertTrue(found["data"]["text/plain"].startswith("train MODEL on DATASET"))
        self.assertTrue(self.inspect("print 𝔘 + sqrt(2)", 12)["found"])
        self.assertFalse(self.inspect("zzzz", 2)["found"])

    def test_history_of_earlier_sessions(self) -> None:
        self.notebook.run("'earlier' == 1")
        other = Notebook()
        try:
            other.run("print 1")
            other.run("print 2")
            found = other.ask(other.client.history(hist_access_type="tail", n=3, raw=True, output=False))["history"]
            self.assertEqual([entry[2] for entry in found], ["'earlier' == 1", "print 1", "print 2"])
            self.assertGreater(found[1][0], found[0][0])
            request = {"hist_access_type": "range", "session": -1, "start": 0, "raw": True, "output": True}
            found = other.ask(other.client.history(**request))["history"]
            self.assertIn(["'earlier' == 1", None], [entry[2] for entry in found])
        finally:
            other.close()


if __name__ == "__main__":
    unittest.main()
