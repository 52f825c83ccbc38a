"""Makes docs/trace.svg of a real push: ./inv push --trace FILE, then python scripts/dev/trace_picture.py FILE

Each thread of the run has its rows; one row has the steps. A bar is as long as what it stands for took. Short
calls of one program that follow each other are one bar: as many labels could not be read.
"""

import json
import shlex
import sys
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path, PurePath

TARGET = Path(__file__).parents[2] / "docs/trace.svg"
LEFT, WIDTH, RIGHT = 76, 1000, 24  # pixels: the rows' names, the time, what is left empty
LANE, BAR, TOP = 19, 14, 62
CHARACTER = 5.9  # pixels, on average, at 11 pixels of height
LONGEST = 34  # characters of a label
GAP = 4
SHORT = 0.012  # of the whole time: what is shorter is joined with its neighbours
STEPS = "steps"
COLOURS = {
    "step": ("#c7d2fe", "step"),
    "command": ("#bae6fd", "command"),
    "request": ("#bbf7d0", "request to the registry or the cluster"),
    "wait": ("#fde68a", "wait"),
    "start-up": ("#e2e8f0", "start of Python"),
}
STYLE = "text{fill:#0f172a}.n{fill:#475569}line{stroke:#e2e8f0}rect{shape-rendering:crispEdges}"


@dataclass(frozen=True)
class Bar:
    """began, ended: in seconds from the beginning of the run. kind: of COLOURS."""

    label: str
    kind: str
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.began


@dataclass(frozen=True)
class Row:
    """A thread, or the steps: lanes of bars that do not touch."""

    name: str
    lanes: Sequence[Sequence[Bar]]


def rows(trace: dict) -> tuple[float, list[Row]]:
    """(the seconds of the run, its rows) from the file that --trace has written."""
    events = [event for event in trace["traceEvents"] if event["ph"] == "X"]
    names = {event["tid"]: event["args"]["name"] for event in trace["traceEvents"] if event["ph"] == "M"}
    began = min(event["ts"] for event in events)
    ended = max(event["ts"] + event["dur"] for event in events)
    whole = (ended - began) / 1e6
    found = []
    for thread, own in groupby(sorted(events, key=_place), lambda event: event["tid"]):
        bars = [_bar(event, began) for event in own]
        shown = bars if names[thread] == STEPS else list(joined(bars, whole * SHORT))
        found.append(Row(names[thread], lanes(shown, WIDTH / whole)))
    return whole, found


def _place(event: dict) -> tuple[int, float]:
    return event["tid"], event["ts"]


def _bar(event: dict, start: int) -> Bar:
    began = (event["ts"] - start) / 1e6
    return Bar(short(event["name"], event["cat"]), event["cat"], began, began + event["dur"] / 1e6)


def short(name: str, kind: str) -> str:
    """What a bar is called: of a command its program and its first words, without options and paths."""
    if kind == "command":
        name = _command(shlex.split(name))
    elif kind == "request":
        method, _, address = name.partition(" ")
        name = f"{method} {'/'.join(address.rsplit('/', 2)[1:])}"
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _command(words: list[str]) -> str:
    program, *rest = words
    rest = rest[2:] if rest[:1] == ["-C"] else rest
    read = next((word for word in rest if word.startswith("--raw=")), "")
    if read:
        return f"{'watch' if 'watch=true' in read else 'kubectl get'} {PurePath(read.partition('?')[0]).name}"
    plain = [word for word in rest if not word.startswith(("-", "/")) and ":" not in word]
    return " ".join([PurePath(program).name, *plain[:2]])


def joined(bars: Iterable[Bar], least: float) -> Iterator[Bar]:
    """Bars shorter than ``least`` seconds become one, while nothing else of the thread lies between them."""
    run: list[Bar] = []
    for bar in sorted(bars, key=lambda bar: bar.began):
        if run and not _follows(run[-1], bar, least):
            yield _as_one(run)
            run = []
        run.append(bar)
    if run:
        yield _as_one(run)


def _follows(earlier: Bar, bar: Bar, least: float) -> bool:
    near = 0 <= bar.began - earlier.ended < least
    return near and max(earlier.seconds, bar.seconds) < least and _of(earlier) == _of(bar)


def _of(bar: Bar) -> str:
    """What joined bars have in common: the program, or that they are requests."""
    return bar.label.partition(" ")[0] if bar.kind == "command" else bar.kind


def _as_one(run: Sequence[Bar]) -> Bar:
    if len(run) == 1:
        return run[0]
    what = f"{_of(run[0])} calls" if run[0].kind == "command" else f"{run[0].kind}s"
    return Bar(f"{len(run)} {what}", run[0].kind, run[0].began, run[-1].ended)


def lanes(bars: Iterable[Bar], scale: float) -> list[list[Bar]]:
    """Bars with room for their labels, each in the first lane that is free there. scale: pixels a second."""
    found: list[list[Bar]] = []
    for bar in sorted(bars, key=lambda bar: (bar.began, -bar.ended)):
        lane = next((lane for lane in found if all(_apart(bar, other, scale) for other in lane)), None)
        if lane is None:
            found.append([bar])
        else:
            lane.append(bar)
    return found


def _apart(bar: Bar, other: Bar, scale: float) -> bool:
    mine, theirs = BarPlace.of(bar, scale), BarPlace.of(other, scale)
    return mine.left >= theirs.right + GAP or theirs.left >= mine.right + GAP


@dataclass(frozen=True)
class BarPlace:
    """Where a bar and its label stand, in pixels from the beginning of the run.

    left, right: of both together. text: where the label begins, or ends if it stands before the bar.
    """

    left: float
    right: float
    text: float
    before: bool = False

    @classmethod
    def of(cls, bar: Bar, scale: float) -> "BarPlace":
        """The label is in the bar; behind it where it is too short; before it at the right edge."""
        left, right = bar.began * scale, max(bar.ended * scale, bar.began * scale + 1)
        text = len(bar.label) * CHARACTER + GAP
        if right - left >= text + GAP:
            return cls(left, right, left + GAP)
        if right + text <= WIDTH + RIGHT:
            return cls(left, right + text, right + GAP)
        return cls(left - text, right, left - GAP, before=True)


def picture(trace: dict) -> str:
    """The SVG."""
    whole, found = rows(trace)
    scale, height = WIDTH / whole, TOP + sum(len(row.lanes) * LANE + 8 for row in found) + 8
    kinds = {bar.kind for row in found for lane in row.lanes for bar in lane}
    parts, top = [*_legend(whole, kinds), *_axis(whole, scale, height)], TOP
    for row in found:
        parts.append(f'<text class="n" x="8" y="{top + 11}">{escape(row.name)}</text>')
        for lane in row.lanes:
            parts += [_drawn(bar, scale, top) for bar in lane]
            top += LANE
        top += 8
    width = LEFT + WIDTH + RIGHT
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {_SAYS}>'
    return "\n".join([head, f"<style>{STYLE}</style>", _BACKGROUND, *parts, "</svg>\n"])


_SAYS = (
    'font-family="system-ui, sans-serif" font-size="11" role="img" '
    'aria-label="A push: its steps, and below them by thread the commands, requests and waits, on an axis of '
    'seconds."'
)
_BACKGROUND = '<rect width="100%" height="100%" fill="#fff"/>'


def _legend(whole: float, kinds: Container[str]) -> Iterator[str]:
    """kinds: of the bars that there are."""
    yield f'<text x="8" y="18" font-size="13">a push, {whole:.1f} s</text>'
    left = LEFT + 130
    for colour, name in (look for kind, look in COLOURS.items() if kind in kinds):
        yield f'<rect x="{left}" y="8" width="{BAR}" height="{BAR}" fill="{colour}"/>'
        yield f'<text x="{left + BAR + 5}" y="19">{name}</text>'
        left += BAR + 30 + len(name) * CHARACTER


def _axis(whole: float, scale: float, height: int) -> Iterator[str]:
    """A line for each second, or for each half of one where they are few."""
    step = next(step for step in (0.5, 1, 2, 5, 10, 30, 60, 300) if whole / step <= 20)
    for number in range(int(whole / step) + 1):
        at = LEFT + number * step * scale
        yield f'<line x1="{at:.1f}" x2="{at:.1f}" y1="50" y2="{height - 8}"/>'
        yield f'<text class="n" x="{at:.1f}" y="44" text-anchor="middle">{number * step:g} s</text>'


def _drawn(bar: Bar, scale: float, top: int) -> str:
    place, left = BarPlace.of(bar, scale), bar.began * scale
    width, label = max(bar.seconds * scale, 1), escape(bar.label)
    anchor = ' text-anchor="end"' if place.before else ""
    return (
        f"<g><title>{label}: {bar.seconds:.2f} s</title>"
        f'<rect x="{LEFT + left:.1f}" y="{top}" width="{width:.1f}" height="{BAR}" '
        f'fill="{COLOURS[bar.kind][0]}"/>'
        f'<text x="{LEFT + place.text:.1f}" y="{top + 11}"{anchor}>{label}</text></g>'
    )


if __name__ == "__main__":
    TARGET.write_text(picture(json.loads(Path(sys.argv[1]).read_text())))
