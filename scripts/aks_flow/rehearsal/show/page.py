"""The page, live or recorded: one document that asks no other host for anything."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib.resources import files

import yaml

from aks_flow.report.html import Html, element, page, shortened

PATHS = ("push", "pull")
_LONGEST = 60  # characters of the project's name
_TITLES = {"push": "Push", "pull": "Pull"}


def show_page(project: str, events: Iterable[Mapping] | None = None, steps: Html | None = None) -> str:
    """events: what was recorded; None for a page that listens. steps: rows for who runs no script."""
    project = shortened(project, _LONGEST)
    scripts = [_text("uplot/uPlot.iife.min.js"), _text("page.js")]
    styles = Html(_text("uplot/uPlot.min.css") + _text("page.css"))
    recorded = [] if events is None else [_data("recorded", list(events))]
    return page(
        f"{project}, rehearsed",
        _main(project, steps),
        _data("ways", ways()),
        *recorded,
        *(element("script", Html(script)) for script in scripts),
        head=element("style", styles),
        policy=policy(scripts),
    )


def ways() -> dict[str, list[dict]]:
    """The places on each path, in order, and the steps that happen at each."""
    return yaml.safe_load(_text("flow.yaml"))


def policy(scripts: Iterable[str]) -> str:
    """These scripts and no other; data from the page's own address alone."""
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'"
    )


def _text(name: str) -> str:
    return files("aks_flow.rehearsal.show").joinpath(name).read_text(encoding="utf-8")


def _data(name: str, value: object) -> Html:
    """JSON that the script reads; no text in it can end the element."""
    text = json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
    return element("script", Html(text), type="application/json", id=name)


def _main(project: str, steps: Html | None) -> Html:
    said = element("p", id="said", class_="hidden", role="status")
    return element("main", _header(project), *map(_lane, PATHS), _requests(), _steps(steps), said)


def _header(project: str) -> Html:
    title = element(
        "div", element("h1", f"{project}, rehearsed"), element("p", id="scenario", class_="quiet")
    )
    dot = element("span", id="dot", class_="dot open", aria_hidden="true")
    outcome = element("span", "", id="outcome")
    clock = element("span", id="clock", class_="quiet", aria_hidden="true")
    return element("header", title, element("div", dot, outcome, clock, class_="status"), class_="top")


def _lane(path: str) -> Html:
    title = element("h2", element("b", _TITLES[path]), element("span", id=f"part-{path}", class_="quiet"))
    way = element("ol", id=f"way-{path}", class_="way")
    return element(
        "section", title, way, class_=f"panel lane {path}", aria_label=f"{_TITLES[path]}, step by step"
    )


def _requests() -> Html:
    title = element(
        "h2", "Requests a second, by answering version", element("span", id="sums", class_="quiet")
    )
    legend = element("ul", id="legend", class_="legend")
    plot = element("div", id="requests", class_="plot", role="img", aria_label="Requests a second")
    pods = element("svg", id="pods", class_="pods", role="img", aria_label="Life of pods", height="10")
    return element("section", title, legend, plot, pods, class_="panel", aria_label="Requests and pods")


def _steps(rows: Html | None) -> Html:
    names = ("path", "step", "took", "what came of it")
    head = element("thead", element("tr", *(element("th", name, scope="col") for name in names)))
    grid = element("table", head, element("tbody", rows, id="steps"), class_="steps")
    attributes = {"class_": "scrolls tall", "tabindex": "0", "role": "region", "aria_label": "All steps"}
    return element("section", element("h2", "All steps"), element("div", grid, **attributes), class_="panel")
