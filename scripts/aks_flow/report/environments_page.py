"""All environments at a glance, as one HTML file that needs nothing else: no script, no other file."""

from collections.abc import Callable, Iterator, Sequence

from aks_flow.report.environments import UNKNOWN, verdict, waiting
from aks_flow.report.html import Html, duration, element, link, moment, page, shortened

_LONGEST_NAME = 60  # characters
_SHORT_COMMIT, _SHORT_DIGEST = 7, 19
_WIDTH, _HEIGHT, _GAP = 120, 28, 3  # of a small plot, in its own units


def environments_page(views: Sequence, project: str, now: float) -> str:
    """The whole document. project: the app's name. now: when it was read."""
    project = shortened(project, _LONGEST_NAME)
    head = element(
        "header",
        element("h1", f"Environments of {project}"),
        element("p", "Read at ", moment(now), " UTC", class_="quiet"),
    )
    cards = element("div", *(_card(view) for view in views), class_="cards")
    parts = [*(_past(view) for view in views if view.deliveries)]
    return page(f"Environments of {project}", element("main", head, cards, *parts))


def _card(view) -> Html:
    name = shortened(view.environment, _LONGEST_NAME)
    title = element("h2", name, " ", _path(view.path))
    running = ", ".join(item.version for item in view.running) or "nothing runs"
    rows = [element("div", element("dt", name), element("dd", value)) for name, value in _rows(view)]
    unread = [element("p", shortened(f"Unknown is {text}"), class_="note") for text in view.unread]
    return element(
        "section",
        title,
        element("p", shortened(running, 80), class_="version"),
        element("p", _health(view.health), class_="health"),
        element("dl", *rows),
        *unread,
        class_="card",
        aria_label=name,
    )


def _path(path: str) -> Html:
    text = "history unread" if path == UNKNOWN else path or "no delivery yet"
    return element("span", text, class_=f"chip {path or 'none'}")


def _health(health: str) -> list[Html | str]:
    kind = {"Healthy": "good", "Degraded": "bad", "Missing": "bad"}.get(health.partition(":")[0], "open")
    text = shortened(health or "Not delivered to yet")
    return [element("span", class_=f"dot {kind}", aria_hidden="true"), " ", text]


def _rows(view) -> Iterator[tuple[str, object]]:
    yield "should run", view.newest or "nothing yet"
    intended = view.intended
    if intended:
        yield "branch says" if view.path == "pull" else "last push", shortened(intended.version)
        yield "delivered", [moment(intended.when), " by ", shortened(intended.who, 60)]
        yield "from", _origin(intended)
    for item in view.running:
        yield "digest", element("code", item.digest[:_SHORT_DIGEST])
        yield "since", [moment(item.since), f", {item.pods} pod{'s' * (item.pods != 1)}"]
    yield from ((name, shortened(text)) for name, text in _remarks(view) if text)
    if view.waits:
        yield "waits", [shortened(waiting(view.waits).removeprefix("waits: ")), _commits(view.waits.commits)]


def _origin(past) -> list[object]:
    run = [", ", link(past.run, "its run")] if past.run else []
    return [element("code", past.commit[:_SHORT_COMMIT] or "no commit"), *run]


def _remarks(view) -> tuple[tuple[str, str], ...]:
    return ("drift", view.drift or "none"), ("hold", view.hold), ("lock", view.lock)


def _commits(commits: Sequence[str]) -> Html | None:
    items = [element("li", shortened(text, 100)) for text in commits[:20]]
    return element("details", element("summary", "its commits"), element("ul", *items)) if items else None


def _past(view) -> Html:
    head = element("tr", *(element("th", name, scope="col") for name in _COLUMNS))
    rows = [element("tr", *(element("td", cell) for cell in _cells(past))) for past in view.deliveries]
    grid = element("table", element("thead", head), element("tbody", *rows))
    name = f"Deliveries to {shortened(view.environment, _LONGEST_NAME)}"
    scrolls = element("div", grid, class_="scrolls", tabindex="0", role="region", aria_label=name)
    title = element("h2", name)
    return element("section", title, _figures(view.figures), scrolls)


_COLUMNS = ("when", "path", "version", "verdict", "took", "lead time", "by", "commit")


def _cells(past) -> list[object]:
    kind = "good" if past.is_good else "bad" if past.is_bad else "open"
    lead = past.ended - past.made if past.ended and past.made else None
    return [
        moment(past.when),
        _path(past.path),
        shortened(past.version, 60),
        element("span", shortened(verdict(past), 60), class_=kind),
        duration(past.seconds),
        duration(lead),
        shortened(past.who, 60),
        link(past.run, past.commit[:_SHORT_COMMIT] or "run"),
    ]


def _figures(figures) -> Html:
    shown: tuple[tuple[str, str, Callable], ...] = (
        ("deliveries a week", _number(figures.per_week, "{:.1f}"), lambda week: week.deliveries),
        ("lead time for changes", duration(figures.lead), lambda week: week.lead),
        ("failed deliveries", _number(figures.failed, "{:.0%}"), lambda week: week.failed),
        ("time to restore", duration(figures.restore), lambda week: week.restore),
    )
    tiles = [_tile(name, text, [of(week) for week in figures.weeks]) for name, text, of in shown]
    return element("dl", *tiles, class_="figures")


def _number(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)


def _tile(name: str, text: str, weeks: Sequence[float | None]) -> Html:
    return element("div", element("dt", name), element("dd", text or "none yet", _bars(name, weeks)))


def _bars(name: str, weeks: Sequence[float | None]) -> Html:
    """A bar for each week, the last one on the right; one that has nothing to show stays empty."""
    top = max([value or 0 for value in weeks], default=0)
    step = _WIDTH / max(len(weeks), 1)
    shown = [(place, value) for place, value in enumerate(weeks) if top and value is not None]
    bars = [_bar(place * step, step - _GAP, value / top) for place, value in shown]
    box = {"viewBox": f"0 0 {_WIDTH} {_HEIGHT}", "preserveAspectRatio": "none"}
    return element("svg", *bars, **box, role="img", aria_label=f"{name}, by week, the last {len(weeks)}")


def _bar(left: float, width: float, share: float) -> Html:
    height = max(share * _HEIGHT, 1)
    return element(
        "rect", x=f"{left:.1f}", y=f"{_HEIGHT - height:.1f}", width=f"{width:.1f}", height=f"{height:.1f}"
    )
