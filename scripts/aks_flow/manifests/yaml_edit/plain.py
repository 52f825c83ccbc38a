"""Which strings may stand unquoted, and how the others are quoted.

A plain scalar has a type only in its reader's eyes, and readers differ: YAML 1.1 (PyYAML), YAML 1.2 and
kubectl's parser (sigs.k8s.io/yaml, which also knows ``y`` and ``1e3``). Text is what all of them take for it.
"""

import re

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_OTHER_TYPE = re.compile(
    r"""|~|null|true|false|yes|no|on|off|y|n|<<|=
    |[-+]?\.(?:inf|nan)
    |[-+]?0[xob][0-9a-f_]+
    |[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:e[-+]?[0-9]+)?
    |[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?
    |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t\s].*)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NEEDS_QUOTES = re.compile(
    r"""^[\s,\[\]{}#&*!|>'"%@`] | ^[-?:](?:\s|$) | ^(?:---|\.\.\.) | :(?:\s|$) | \s\# | \s$ | [\t]""",
    re.VERBOSE,
)
_FLOW_NEEDS_QUOTES = re.compile(r"[,\[\]{}?]|^[-:]")
_UNPRINTABLE = re.compile(
    r"[^\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def reads_as_text(text: str) -> bool:
    """Whether every reader takes the plain scalar `text` for a string."""
    return not _OTHER_TYPE.fullmatch(text)


def may_stand_plain(text: str, *, in_flow: bool) -> bool:
    """Whether `text`, unquoted, is one scalar and a string."""
    if _UNPRINTABLE.search(text) or _NEEDS_QUOTES.search(text) or not reads_as_text(text):
        return False
    return not (in_flow and _FLOW_NEEDS_QUOTES.search(text))


def quote(text: str, style: str) -> str:
    """`text` in single quotes if `style` asks for them and they can hold it; otherwise in double quotes,
    escaped as YAML and JSON both have it.
    """
    if style == "'" and not _UNPRINTABLE.search(text):
        return "'" + text.replace("'", "''") + "'"
    escaped = re.sub(r'[\\"\t]', lambda match: _ESCAPES[match[0]], text)
    return '"' + _UNPRINTABLE.sub(_escape, escaped) + '"'


def _escape(match: re.Match) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04x}"
