"""The colours of scripts for nbconvert, Sphinx and whatever else uses Pygments."""

from __future__ import annotations

import re

from pygments.lexer import RegexLexer, bygroups, include, words
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, Punctuation, String, Text, Whitespace

from .words import COMMANDS, CONSTANTS, FUNCTIONS, KEYWORDS, OPERATORS, OPTIONS, TRUTHS

NAME = r"[^\W\d]\w*"


class ScriptLexer(RegexLexer):
    """Reads scripts as the TextMate grammar in `Scripts/editors` does, whose words it has. Commands are keywords here,
    as nbconvert colours no names."""

    name = "bvae-script"
    aliases = ["bvs", "bvae-script"]
    filenames = ["*.bvs"]
    mimetypes = ["text/x-bvs"]
    flags = re.MULTILINE

    tokens = {
        "root": [
            (r"^([ \t]*)(\|)", bygroups(Whitespace, String.Doc), "prose"),
            (r"^([ \t]*)(!(?!=).*)$", bygroups(Whitespace, String.Backtick)),
            (r"\n", Whitespace),
            (r"#.*$", Comment.Single),
            (r"\\(?=[ \t]*(?:#.*)?$)", Punctuation),
            (rf"^([ \t]*)(define)([ \t]+)({NAME})", bygroups(Whitespace, Keyword, Whitespace, Name.Function)),
            (rf"^([ \t]*)({NAME})([ \t]*)(=)(?!=)", bygroups(Whitespace, Name.Variable, Whitespace, Operator)),
            include("expression"),
        ],
        "prose": [
            (r"\\[{}]", String.Escape),
            (r"\{", String.Interpol, "interpolation"),
            (r"[^\\{\n]+|\\", String.Doc),
            (r"\n", Whitespace, "#pop"),
        ],
        "expression": [
            (r'"', String.Double, "text"),
            (r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![^\W\d])", Number),
            (rf"(?<!\.)(\.)({NAME})", bygroups(Punctuation, Name.Attribute)),
            (
                rf"(^|(?<=[=(]))([ \t]*)(?:(time)([ \t]+))?((?:{'|'.join(COMMANDS)}))\b(?![ \t]*=(?!=))(?!\()",
                bygroups(Whitespace, Whitespace, Keyword.Reserved, Whitespace, Keyword.Reserved),
            ),
            (words(KEYWORDS, r"\b", r"\b"), Keyword),
            (words(OPERATORS, r"\b", r"\b"), Operator.Word),
            (words(TRUTHS, r"\b", r"\b"), Keyword.Constant),
            (words(FUNCTIONS, r"\b", r"(?=\()"), Name.Function),
            (words(OPTIONS, r"(?<=[ \t])", r"\b(?=[ \t]|$)"), Name.Decorator),
            (words(CONSTANTS, r"\b", r"\b"), Name.Constant),
            (NAME, Name.Variable),
            (r"==|!=|<=|>=|\.\.|[=<>+\-*/%]", Operator),
            (r"[()\[\],.]", Punctuation),
            (r"[ \t]+", Whitespace),
            (r".", Text),
        ],
        "text": [
            (r'\\[nt"\\{}]', String.Escape),
            (r"\\.", Error),
            (r"\{", String.Interpol, "interpolation"),
            (r'[^"\\{\n]+', String.Double),
            (r'"|(?=\n)', String.Double, "#pop"),
            (r"\\", Error),
        ],
        "interpolation": [
            (r"\}|(?=\n)", String.Interpol, "#pop"),
            (r':[^}"\n]*(?=\})', String.Interpol),
            include("expression"),
        ],
    }
