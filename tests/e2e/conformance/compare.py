"""Where an answer differs from the recorded one, as lines to read; none if it conforms."""

import difflib
import json
import re
from collections.abc import Callable
from functools import partial

from tests.e2e.conformance.normal import Normaliser

Arrange = Callable[[list[str]], list[str]]

# How the lines of an output count: Kubernetes gives listings no order, and a watch repeats itself.
ARRANGEMENTS: dict[str, Arrange] = {
    "lines": list,
    "rows": sorted,
    "distinct": lambda lines: list(dict.fromkeys(lines)),
    "set": lambda lines: sorted(set(lines)),
    "contains": lambda lines: sorted(set(lines)),
}


def text_differences(recorded: list[str], live: list[str], arrangement: str, optional: str = "") -> list[str]:
    """``optional`` is a pattern of lines that depend on the moment: they may be there or not."""
    wanted, found = (ARRANGEMENTS[arrangement](without(optional, lines)) for lines in (recorded, live))
    if arrangement == "contains":
        found = [line for line in found if line in wanted]
    return [line for line in difflib.ndiff(wanted, found) if line[0] in "+-"]


def without(optional: str, lines: list[str]) -> list[str]:
    return [line for line in lines if not (optional and re.search(optional, line))]


def json_differences(recorded, live, arrangement: str, optional: str = "") -> list[str]:
    """Both normalised. Every recorded path must be there with the same type and value; there may be more.

    "lines" and "rows": lists have the same length, objects in them are paired by likeness; "set": equal
    items of a Kubernetes list count once; "contains": lists may be longer than the recorded ones.
    """
    if arrangement == "set":
        recorded, live = (distinct_items(value, optional) for value in (recorded, live))
    return list(value_differences(recorded, live, "", arrangement == "contains"))


def distinct_items(value: dict, optional: str) -> dict:
    texts = [json.dumps(item, sort_keys=True) for item in value["items"]]
    return {**value, "items": [json.loads(text) for text in dict.fromkeys(without(optional, texts))]}


def value_differences(recorded, live, path: str, longer: bool) -> list[str]:
    if type(recorded) is not type(live):
        return [f"{path}: recorded {shown(recorded)}, answered {shown(live)}"]
    if isinstance(recorded, dict):
        return object_differences(recorded, live, path, longer)
    if isinstance(recorded, list):
        return list_differences(recorded, live, path, longer)
    return [] if recorded == live else [f"{path}: recorded {shown(recorded)}, answered {shown(live)}"]


def object_differences(recorded: dict, live: dict, path: str, longer: bool) -> list[str]:
    found = []
    for key, value in recorded.items():
        place = f"{path}.{key}".lstrip(".")
        if key in live:
            found += value_differences(value, live[key], place, longer)
        else:
            found.append(f"{place}: recorded {shown(value)}, absent")
    return found


def list_differences(recorded: list, live: list, path: str, longer: bool) -> list[str]:
    found, left = [], list(live)
    for at, item in enumerate(recorded):
        candidates = left if isinstance(item, dict) else left[:1]
        if candidates:
            best = max(candidates, key=partial(likeness, item))
            left.remove(best)
            found += value_differences(item, best, f"{path}.{at}", longer)
        else:
            found.append(f"{path}.{at}: recorded {shown(item)}, absent")
    return found if longer else found + [f"{path}: answered besides: {shown(item)}" for item in left]


def likeness(recorded, live) -> int:
    """How many values two structures have in common, by their place."""
    if isinstance(recorded, dict) and isinstance(live, dict):
        return sum(likeness(value, live[key]) for key, value in recorded.items() if key in live)
    if isinstance(recorded, list) and isinstance(live, list):
        return sum(map(likeness, recorded, live))
    return int(recorded == live)


def shown(value, limit: int = 1000) -> str:
    text = json.dumps(value)
    return text if len(text) <= limit else text[:limit] + "…"


def without_announcements(step, answer):
    """An answer of the rehearsal without what it says of itself; a missing announcement is a fault."""
    lines = answer.stderr.splitlines(keepends=True)
    for text in step.announced:
        assert f"{text}\n" in lines, f"not announced: {text}"
        lines.remove(f"{text}\n")
    return answer._replace(stderr="".join(lines))


def differences(step, answer, recorded: Normaliser, live: Normaliser) -> list[str]:
    """Everything in which an answer differs from a step's recorded one."""
    found = [] if step.exit == answer.exit else [f"exit code: recorded {step.exit}, answered {answer.exit}"]
    if isinstance(step.stdout, str):
        arguments = recorded.lines(step.stdout), live.lines(answer.stdout)
        found += text_differences(*arguments, step.arrangement, step.optional)
    else:
        found += document_differences(step, answer, recorded, live)
    complaints = recorded.lines(step.stderr), live.lines(answer.stderr)
    stderr = text_differences(*complaints, step.arrangement, step.optional)
    return found + [f"stderr {line}" for line in stderr]


def document_differences(step, answer, recorded: Normaliser, live: Normaliser) -> list[str]:
    try:
        document = json.loads(answer.stdout)
    except ValueError:
        return [f"stdout is not JSON: {answer.stdout[:200]!r}"]
    return json_differences(
        recorded.value(step.stdout), live.value(document), step.arrangement, step.optional
    )
