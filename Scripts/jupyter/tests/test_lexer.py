"""The lexer has the words of the grammar, and reads scripts as it does."""

from __future__ import annotations

import os
import unittest

import common
import record_words
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String


class LexerTests(unittest.TestCase):
    def tokens(self, code: str) -> list[tuple[object, str]]:
        found = list(get_lexer_by_name("bvs", stripnl=False, ensurenl=False).get_tokens(code))
        self.assertEqual("".join(text for _, text in found), code)
        return [(kind, text) for kind, text in found if text.strip()]

    def test_words_are_those_of_the_grammar(self) -> None:
        if os.environ.get("BVAE_RECORD"):
            record_words.WORDS.write_text(record_words.words(), encoding="utf-8")
        kept = record_words.WORDS.read_text(encoding="utf-8")
        self.assertEqual(kept, record_words.words(), "record with BVAE_RECORD=1")

    def test_it_is_found(self) -> None:
        self.assertEqual(get_lexer_for_filename("a.bvs").name, "bvae-script")

    def test_statements(self) -> None:
        self.assertEqual(
            self.tokens("history = train net on ones epochs 2.5  # all"),
            [
                (Name.Variable, "history"),
                (Operator, "="),
                (Keyword.Reserved, "train"),
                (Name.Variable, "net"),
                (Name.Decorator, "on"),
                (Name.Variable, "ones"),
                (Name.Decorator, "epochs"),
                (Number, "2.5"),
                (Comment.Single, "# all"),
            ],
        )
        self.assertIn((Name.Function, "sqrt"), self.tokens("x = sqrt(2)"))
        self.assertIn((Name.Variable, "sqrt"), self.tokens("x = sqrt + größe"))
        self.assertIn((Name.Variable, "größe"), self.tokens("x = sqrt + größe"))
        self.assertIn((Name.Attribute, "mean"), self.tokens("z = code.mean[.., 2]"))
        self.assertIn((Keyword.Constant, "true"), self.tokens("x = true and not y"))
        self.assertIn((Operator.Word, "not"), self.tokens("x = true and not y"))
        self.assertIn((Name.Function, "double"), self.tokens("define double x"))
        self.assertIn((Keyword.Reserved, "train"), self.tokens("time train m on d"))
        self.assertIn((Keyword.Reserved, "plot"), self.tokens("figure (plot history)"))
        self.assertIn((Name.Constant, "mnist"), self.tokens("load mnist"))
        self.assertIn((String.Backtick, "!ls -l"), self.tokens("  !ls -l"))

    def test_texts_and_prose(self) -> None:
        self.assertEqual(
            self.tokens('print "Z{k + 1:.2} \\{ \\q"'),
            [
                (Keyword.Reserved, "print"),
                (String.Double, '"'),
                (String.Double, "Z"),
                (String.Interpol, "{"),
                (Name.Variable, "k"),
                (Operator, "+"),
                (Number, "1"),
                (String.Interpol, ":.2"),
                (String.Interpol, "}"),
                (String.Escape, "\\{"),
                (Error, "\\q"),
                (String.Double, '"'),
            ],
        )
        found = self.tokens("| # It's {n} \"ones\nprint 1")
        self.assertEqual(
            found[:4],
            [(String.Doc, "|"), (String.Doc, " # It's "), (String.Interpol, "{"), (Name.Variable, "n")],
        )
        self.assertIn((Keyword.Reserved, "print"), found)
        self.assertIn((Keyword.Reserved, "print"), self.tokens('x = "open\nprint 1'))

    def test_scripts_hold_no_errors(self) -> None:
        scripts = sorted((common.ROOT / "Scripts").rglob("*.bvs"))
        self.assertTrue(scripts)
        for script in scripts:
            code = script.read_text(encoding="utf-8")
            self.assertEqual([text for kind, text in self.tokens(code) if kind is Error], [], script)

    def test_nonsense_is_read(self) -> None:
        self.tokens('"{"{"{\n|{{{\n\\ x\n\x00 é́ 𝔘 "\\')


if __name__ == "__main__":
    unittest.main()
