"""YAML texts with every formatting that people use, and the place of each scalar in them.

The texts are put together from tokens here, not by a YAML emitter, so that what they mean and where their
scalars stand is known without the code under test.
"""

import json
from dataclasses import dataclass, field

from hypothesis import strategies as st

PLAIN = [
    "web",
    "3",
    "1.10",
    "yes",
    "true",
    "null",
    "~",
    "0x1f",
    "2024-01-01",
    "a b",
    "localhost:5000/front:1.2",
]
PLAIN += [
    "--port=80",
    "ünï",
    "😀",
    "a#b",
    "x" * 300,
    "http://x/a=b",
    "1.2.3-rc.1",
    "-1",
    "a-b_c",
    ".5",
    "12e3",
]
ODD = [
    "1.10",
    "yes",
    "0x1f",
    "1e3",
    "null",
    "~",
    "",
    "2024-01-01",
    "*a",
    "&b",
    "!c",
    "%d",
    "@e",
    "`f`",
    "a: b",
]
ODD += [
    "a #b",
    "#c",
    "- x",
    "-",
    "?",
    ": x",
    "x:",
    "[a]",
    "{b}",
    "a,b",
    "'",
    '"',
    "\\",
    "line\nbreak",
    "tab\there",
]
ODD += [
    " lead",
    "trail ",
    "---",
    "...",
    "--- x",
    "é😀",
    "\x85",
    "\u2028",
    "\ufeff",
    "\x01",
    "|",
    ">",
    "=",
    "<<",
    "y",
]
KEYS = ["a", "name", "image", "é", "a.b/c", "x y", "0", "newTag", "true-ish", "k-1", 'q"q', "a:b"]
COMMENTS = ["", "", "", " # c", "  # ä: [x] 'y'", " #\ttab", " #", "   "]
LINES = ["", "", "", "\n", "# whole line: x\n", "   # indented - y\n", "\n\n", "#\ttab\n"]

texts = st.one_of(st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs"]), max_size=8))


@dataclass
class Leaf:
    """A scalar that may be set: its token, and the steps that lead to it."""

    token: str
    steps: tuple


@dataclass
class Text:
    """A text; for each leaf the path, start and end of the token, and the steps to it in the loaded data."""

    text: str = ""
    leaves: list[tuple[str, int, int, tuple]] = field(default_factory=list)

    def add(self, piece: "str | Leaf", line_break: str) -> None:
        token = (piece.token if isinstance(piece, Leaf) else piece).replace("\n", line_break)
        if isinstance(piece, Leaf):
            place = len(self.text)
            self.leaves.append((_path(piece.steps), place, place + len(token), piece.steps))
        self.text += token


def _path(steps: tuple) -> str:
    document, *rest = steps
    written = "".join(
        f"[{step}]" if isinstance(step, int) else f"[{json.dumps(step, ensure_ascii=False)}]" for step in rest
    )
    return f"{document}:{written}"


@st.composite
def yaml_texts(draw) -> Text:
    line_break = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    pieces = [
        draw(st.sampled_from(["", "\ufeff"])) + draw(st.sampled_from(["", "---\n", "%YAML 1.1\n---\n"]))
    ]
    for document in range(draw(st.integers(1, 3))):
        if document:
            pieces.append(draw(st.sampled_from(["---\n", "...\n---\n", "--- # next\n"])))
        pieces.append(draw(st.sampled_from(LINES)))
        pieces += draw(_block(0, (document,), 0))
    if draw(st.booleans()) and isinstance(pieces[-1], str):
        pieces[-1] = pieces[-1].removesuffix("\n")
    text = Text()
    for piece in pieces:
        text.add(piece, line_break)
    return text


@st.composite
def _block(draw, column: int, steps: tuple, depth: int) -> list:
    """A block collection, the cursor already in its column; it ends with a line break."""
    sequence = draw(st.booleans()) and depth > 0
    count = draw(st.integers(1, 3))
    keys = list(range(count)) if sequence else draw(_keys(count))
    pieces = []
    for place, key in enumerate(keys):
        pieces.append(" " * column if place else "")
        if sequence:
            pieces += ["-", *draw(_entry(column, (*steps, key), depth, in_sequence=True))]
        else:
            written = draw(_key(key))
            pieces += [f"{written}:", *draw(_entry(column, (*steps, key), depth, in_sequence=False))]
    return pieces


def _keys(count: int):
    return st.lists(st.sampled_from(KEYS), min_size=count, max_size=count, unique=True)


def _key(key: str):
    if key in ('q"q', "a:b", "x y", "0"):
        return st.just(json.dumps(key))
    return st.sampled_from([key, json.dumps(key, ensure_ascii=False), f"'{key}'"])


@st.composite
def _entry(draw, column: int, steps: tuple, depth: int, in_sequence: bool) -> list:
    kinds = ["plain", "quoted", "folded", "literal", "flow"] + (["block"] * 3 if depth < 3 else [])
    kind = draw(st.sampled_from(kinds))
    space = draw(st.sampled_from([" ", " ", "  ", "   "]))
    after = draw(st.sampled_from(COMMENTS)) + "\n" + draw(st.sampled_from(LINES))
    if kind == "block":
        return draw(_nested(column, steps, depth, in_sequence, space, after))
    if kind == "literal":
        return [f" |\n{' ' * (column + 2)}image: front:1\n{' ' * (column + 2)}# text\n"]
    if kind == "folded":
        word = draw(st.sampled_from(["two\n{}words", "'two\n{}wo''rds'", '"two\n\n{}words"', '"a\\\n{}b"']))
        return [space, Leaf(word.format(" " * (column + 3)), steps), after]
    if kind == "flow":
        return [space, *draw(_flow(steps, 0)), after]
    return [space, Leaf(draw(_token(kind == "quoted")), steps), after]


@st.composite
def _nested(draw, column: int, steps: tuple, depth: int, in_sequence: bool, space: str, after: str) -> list:
    if in_sequence and draw(st.booleans()):
        return [space, *draw(_block(column + 1 + len(space), steps, depth + 1))]
    inner = column + draw(st.integers(1, 4))
    return [after, " " * inner, *draw(_block(inner, steps, depth + 1))]


@st.composite
def _flow(draw, steps: tuple, depth: int) -> list:
    sequence = draw(st.booleans())
    count = draw(st.integers(1, 3))
    pieces = ["[" if sequence else "{"]
    for place, key in enumerate(range(count) if sequence else draw(_keys(count))):
        pieces.append(
            draw(st.sampled_from([", ", " , ", ",  "])) if place else draw(st.sampled_from(["", " "]))
        )
        pieces += [] if sequence else [draw(_key(key)), ": "]
        if depth < 2 and draw(st.integers(0, 3)) == 0:
            pieces += draw(_flow((*steps, key), depth + 1))
        else:
            pieces.append(Leaf(draw(_token(draw(st.booleans()))), (*steps, key)))
    return [*pieces, draw(st.sampled_from(["", " "])), "]" if sequence else "}"]


@st.composite
def _token(draw, quoted: bool) -> str:
    if not quoted:
        return draw(st.sampled_from(PLAIN))
    text = draw(texts)
    if draw(st.booleans()) and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    plain = character.isprintable() and character not in '"\\'
    return character if plain else f"\\U{ord(character):08x}"
