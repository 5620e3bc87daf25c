"""The README's tour as a notebook, as Quarto and nbconvert run it: through nbclient.

`BVAE_RECORD=1` runs `tour.ipynb` and keeps what it shows. A test run shows the same but for digits, as processors of
another kind may compute other last digits; a second run on the same machine shows the same pictures and tables."""

from __future__ import annotations

import base64
import io
import os
import pathlib
import re
import tempfile
import unittest
from typing import Any

import common
import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from PIL import Image

TOUR = pathlib.Path(__file__).resolve().parents[1] / "tour.ipynb"


def blocks() -> list[str]:
    """The scripts of the README's tour but for the one with `explore`, whose page would make the notebook large."""
    text = (common.ROOT / "README.md").read_text(encoding="utf-8")
    tour = text[text.index("## A tour in five minutes") : text.index("### At the prompt")]
    return [block for block in re.findall(r"```bvs\n(.*?)\n```", tour, re.DOTALL) if "explore " not in block]


def run(notebook: Any) -> Any:
    """The notebook after a run in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=common.FOLDER) as folder:
        client = NotebookClient(
            notebook, kernel_name=common.KERNEL, timeout=300, resources={"metadata": {"path": folder}}
        )
        return client.execute()


def shown(output: Any, number: str = "#") -> Any:
    """What matters of an output; digits of texts are replaced."""

    def plain(text: str) -> str:
        if text.endswith("…"):
            text = text[:20]  # where it is cut depends on the times in it
        text = re.sub(r"\b[\d.]+ (ms|s|min)\b|\d+ images/s", "TIME", text)
        return re.sub(r"[-−]?\d[\d.,]*( +|%)?", number, text) if number else text

    if output.output_type == "stream":
        return output.name, plain(output.text)
    if output.output_type == "error":
        return "error", output.ename, [plain(line) for line in output.traceback]
    data = output.data
    if "image/png" in data:
        picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
        size = output.metadata["image/png"]
        return "picture", picture.size, (size["width"], size["height"]), plain(data["text/plain"])
    if "<table" in data.get("text/html", ""):
        rows = re.findall(r"<tr>(.*?)</tr>", data["text/html"])
        cells = [[plain(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)] for row in rows]
        return "table", cells
    return sorted(data), plain(data["text/plain"])


def pixels(notebook: Any) -> list[bytes]:
    """The pictures' pixels."""
    pictures = [
        output.data["image/png"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    return [Image.open(io.BytesIO(base64.b64decode(png))).tobytes() for png in pictures]


class TourTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        assert common.install() == 0
        cls.kept = nbformat.read(TOUR, as_version=4)
        cls.first = run(nbformat.read(TOUR, as_version=4))

    def outputs(self, notebook: Any, number: str = "#") -> list[Any]:
        """What matters of the outputs of each cell; without lines such as `interpreting: 0.6 s`, of which only slow
        machines have any."""
        cells = [[shown(output, number) for output in cell.get("outputs", [])] for cell in notebook.cells]
        return [[output for output in cell if not re.fullmatch(r"\w+: TIME", str(output[1]))] for cell in cells]

    def test_it_has_the_scripts_of_the_readme(self) -> None:
        cells = [cell.source for cell in self.kept.cells if cell.cell_type == "code"]
        self.assertEqual([block for block in blocks() if block not in cells], [])

    def test_it_shows_what_was_recorded(self) -> None:
        if os.environ.get("BVAE_RECORD"):
            for cell in self.first.cells:
                cell.metadata.pop("execution", None)
            self.first.metadata = self.kept.metadata
            nbformat.write(self.first, TOUR)
            self.kept = nbformat.read(TOUR, as_version=4)
        nbformat.validate(self.first)
        self.maxDiff = None
        for cell, expected, found in zip(self.kept.cells, self.outputs(self.kept), self.outputs(self.first)):
            self.assertEqual(found, expected, cell.source)
        kinds = [output[0] for cell in self.outputs(self.first) for output in cell]
        self.assertGreaterEqual(kinds.count("picture"), 12)
        self.assertGreaterEqual(kinds.count("table"), 4)

    def test_no_bar_is_left(self) -> None:
        text = nbformat.writes(self.first)
        self.assertNotIn("<progress", text)
        self.assertNotIn("██", text)

    def test_second_run_shows_the_same(self) -> None:
        os.environ["BVAE_STORE"] = str(common.FOLDER / "another store")
        self.addCleanup(os.environ.__setitem__, "BVAE_STORE", str(common.FOLDER / "store"))
        second = run(nbformat.read(TOUR, as_version=4))
        self.maxDiff = None
        self.assertEqual(self.outputs(second, ""), self.outputs(self.first, ""))
        self.assertEqual(pixels(second), pixels(self.first))

    def test_html_has_colours(self) -> None:
        page, _ = HTMLExporter().from_notebook_node(self.first)
        self.assertIn('<span class="kr">train</span>', page)
        self.assertIn('<span class="nd">epochs</span>', page)
        self.assertGreaterEqual(page.count("data:image/png;base64"), 12)


if __name__ == "__main__":
    unittest.main()
