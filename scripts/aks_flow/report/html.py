"""HTML as values: what others wrote is text wherever it comes to stand."""

import html
import math
from collections.abc import Iterator
from importlib.resources import files

from aks_flow.core.moment import rfc3339
from aks_flow.report import foreign

LONGEST = 300  # characters of a text that are shown; JSON has all of it
_EMPTY = ("meta", "link", "br")
NOTHING_ELSE = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
)


class Html(str):
    """Text that is HTML already."""


def element(name: str, /, *children: object, **attributes: object) -> Html:
    """``element("p", "a < b", class_="note")``: children that are no Html are escaped, None is left out."""
    names = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    words = "".join(f' {key}="{_escaped(value)}"' for key, value in names.items() if value is not None)
    inner = "".join(_texts(children))
    return Html(f"<{name}{words}>" if name in _EMPTY else f"<{name}{words}>{inner}</{name}>")


def _texts(children: object) -> Iterator[str]:
    if isinstance(children, Html):
        yield children
    elif isinstance(children, str):
        yield _escaped(children)
    elif children is not None:
        for child in children:
            yield from _texts(child)


def _escaped(value: object) -> str:
    return html.escape(foreign.visible(str(value)))


def shortened(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def link(address: str, text: str) -> Html | str:
    """The text as a link; as it stands if the address is none of the web's."""
    if not address.startswith(("https://", "http://")):
        return text
    return element("a", text, href=address, rel="noreferrer")


def moment(seconds: float) -> Html | str:
    """A moment in UTC, "" for none."""
    text = rfc3339(seconds) if seconds else ""
    return element("time", f"{text[:10]} {text[11:16]}", datetime=text) if text else ""


def duration(seconds: float | None) -> str:
    """``42 s``, ``3.5 min``, ``2.1 h``, ``4.0 d``; "" for None."""
    if seconds is None:
        return ""
    if seconds < 100:
        return f"{math.floor(seconds * 10) / 10:g} s" if seconds < 10 else f"{seconds:.0f} s"
    for unit, length in (("min", 60), ("h", 3600), ("d", 86_400)):
        if seconds < length * 90 or unit == "d":
            return f"{seconds / length:.1f} {unit}"
    raise AssertionError("unreachable")


def page(title: str, *children: object, head: Html | None = None, policy: str = NOTHING_ELSE) -> str:
    """A whole document with the style sheet in it. policy: its Content-Security-Policy."""
    style = Html(files("aks_flow.report").joinpath("style.css").read_text(encoding="utf-8"))
    top = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("link", rel="icon", href="data:,"),
        element("style", style),
        head,
    )
    return f"<!doctype html>\n{element('html', top, element('body', *children), lang='en')}\n"
