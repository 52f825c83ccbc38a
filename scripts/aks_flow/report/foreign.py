"""What others wrote (logs, messages of registries and clusters, reasons, names), made safe for its reader.

A terminal and a workflow's log act on some texts instead of showing them; Markdown makes links and HTML of
others. Every text that a run shows goes through here, its own too: nobody has to remember whose it is.
"""

import os
import re

_SHOWN_AS_IT_IS = "\n\t"
# C0, DEL and C1; line and paragraph separators; what turns the direction of writing.
_ACTS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
# https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands, and the older ##[…],
# which the runner finds anywhere in a line.
_COMMAND = re.compile(r"^(\s*:)(?=:[A-Za-z])", re.MULTILINE)
_OLD_COMMAND = re.compile(r"##(?=\[)")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]#|~]")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def shown(text: str) -> str:
    """For a terminal, and for a workflow's log: control characters as ``\\x1b``, commands as mere text."""
    text = visible(text.replace("\r\n", "\n"))
    if os.environ.get("GITHUB_ACTIONS") == "true":
        text = _OLD_COMMAND.sub("# #", _COMMAND.sub(r"\1 ", text))
    return text


def visible(text: str) -> str:
    """Control characters, and those that turn the direction of writing, as ``\\x1b``."""
    return _ACTS.sub(_as_code, text)


def in_markdown(text: str) -> str:
    """For a summary: neither a link nor HTML nor a heading; a line's end becomes a break."""
    text = "".join(_HTML.get(letter, letter) for letter in visible(text))
    return _MARKDOWN.sub(r"\\\g<0>", text).replace("\n", "<br>")


def fenced(text: str, language: str) -> str:
    """A block of Markdown; the text is `shown` or `visible` already."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text}\n{fence}"


def in_one_line(text: str) -> str:
    """For a file of one value a line."""
    return visible(text).replace("\n", "\\n")


def _as_code(match: re.Match) -> str:
    letter = match[0]
    if letter in _SHOWN_AS_IT_IS:
        return letter
    return f"\\x{ord(letter):02x}" if ord(letter) < 256 else f"\\u{ord(letter):04x}"
