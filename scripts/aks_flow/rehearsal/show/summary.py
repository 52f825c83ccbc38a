"""From the events of a run to its report: a document for a machine, and the page with all of it. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence

from aks_flow.core.moment import rfc3339
from aks_flow.rehearsal.show import page
from aks_flow.rehearsal.show.recording import FAILED, RUNNING
from aks_flow.report.html import Html, duration, element, shortened

KILLED = "killed"


def read(lines: Iterable[str]) -> list[dict]:
    """The events; a line that was cut off by a kill is left out."""
    events = []
    for line in lines:
        try:
            events.append(json.loads(line))
        except ValueError:
            continue
    return events


def as_document(events: Sequence[Mapping]) -> dict:
    """project, scenario, began, seconds, outcome, and what of steps, requests and pods there was."""
    begin = _first(events, "begin") or {"at": 0, "project": "", "scenario": ""}
    end = _first(events, "end") or {"outcome": KILLED, "text": ""}
    last = events[-1]["at"] if events else 0
    return {
        "project": begin["project"],
        "scenario": begin["scenario"],
        "began": rfc3339(begin["at"]),
        "seconds": round(last - begin["at"], 2),
        "outcome": end["outcome"],
        "text": end["text"],
        "steps": [_step(event) for event in steps(events)],
        "requests": _requests(events),
        "pods": _pods(events),
    }


def as_page(events: Sequence[Mapping]) -> str:
    """One file that shows what the live page showed, without a script the steps alone."""
    begin = _first(events, "begin") or {"project": ""}
    rows = [_row(event) for event in steps(events)]
    return page.show_page(begin["project"], events, Html("".join(rows)))


def steps(events: Iterable[Mapping]) -> list[Mapping]:
    """The last word on each step, in the order in which they began."""
    last = {event["id"]: event for event in events if event["kind"] == "step"}
    return [last[number] for number in sorted(last)]


def _first(events: Iterable[Mapping], kind: str) -> Mapping | None:
    return next((event for event in events if event["kind"] == kind), None)


def _step(event: Mapping) -> dict:
    return {key: event[key] for key in ("lane", "name", "state", "seconds", "note")}


def _row(event: Mapping) -> Html:
    name = f"{event['name']} {event['state']}" if event["state"] in (FAILED, RUNNING) else event["name"]
    texts = (event["lane"] or "before", name, duration(event["seconds"]), shortened(event["note"]))
    return element("tr", *(element("td", text) for text in texts))


def _requests(events: Iterable[Mapping]) -> dict[str, dict]:
    """By environment: how many each version answered, and how many failed."""
    sums: dict[str, dict] = {}
    for event in (event for event in events if event["kind"] == "load"):
        own = sums.setdefault(event["environment"], {"failed": 0, "versions": {}})
        own["failed"] += event["failed"]
        for version, count in event["versions"].items():
            own["versions"][version] = own["versions"].get(version, 0) + count
    return sums


def _pods(events: Iterable[Mapping]) -> list[dict]:
    """Each pod, and when it came to each of its states."""
    pods: dict[tuple[str, str], dict] = {}
    for event in (event for event in events if event["kind"] == "pod"):
        about = {key: event[key] for key in ("environment", "name", "version")}
        pod = pods.setdefault((event["environment"], event["name"]), {**about, "states": {}})
        pod["states"].setdefault(event["state"], rfc3339(event["at"]))
    return list(pods.values())
