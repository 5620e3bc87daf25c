"""The words of the lexer, taken from the TextMate grammar, which the program's tests write from its declarations."""

import json
import pathlib
import re

GRAMMAR = pathlib.Path(__file__).resolve().parents[2] / "editors/vscode/syntaxes/bvs.tmLanguage.json"
WORDS = pathlib.Path(__file__).resolve().parents[1] / "bvae_script_kernel/words.py"

SCOPES = {
    "COMMANDS": "support.function.command.bvs",
    "KEYWORDS": "keyword.control.bvs",
    "OPERATORS": "keyword.operator.word.bvs",
    "TRUTHS": "constant.language.bvs",
    "FUNCTIONS": "support.function.builtin.bvs",
    "OPTIONS": "variable.parameter.option.bvs",
    "CONSTANTS": "support.constant.bvs",
}
"""What the lists are called, and the scopes of their words."""


def words() -> str:
    """The text of `words.py` as it should be."""
    patterns = json.loads(GRAMMAR.read_text(encoding="utf-8"))["repository"]["expression"]["patterns"]
    lines = ['"""The words of the language, written by the tests from the TextMate grammar (BVAE_RECORD=1)."""', ""]
    for name, scope in SCOPES.items():
        found = [
            pattern["match"]
            for pattern in patterns
            if pattern.get("name") == scope or pattern.get("captures", {}).get("2", {}).get("name") == scope
        ]
        assert len(found) == 1, f"{scope} should be the scope of one pattern, not of {len(found)}"
        listed = max(re.findall(r"\(\??:?((?:\w+\|)+\w+)\)", found[0]), key=len).split("|")
        lines += [f"{name} = (", *(f'    "{word}",' for word in listed), ")"]
    return "\n".join(lines) + "\n"
