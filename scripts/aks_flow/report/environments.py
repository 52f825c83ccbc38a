"""All environments at a glance, in tables or as a document; `environments_page` has the same as HTML."""

from collections.abc import Iterator, Sequence

from aks_flow.core.moment import rfc3339
from aks_flow.report.console import table
from aks_flow.report.html import duration
from aks_flow.report.json_document import document
from aks_flow.report.text import note

NOW = ("environment", "path", "should run", "says", "runs", "since", "health", "remarks")
PAST = ("environment", "when", "path", "version", "verdict", "seconds", "who", "commit")
UNKNOWN = "unknown"  # the path of what has no answer: a delivery may be behind it
FIGURES = ("environment", "days", "deliveries", "a week", "lead time", "failed", "restored in")


def show(views: Sequence, as_json: bool) -> None:
    if as_json:
        return document(list(views))
    table("what runs where", list(NOW), [_now(view) for view in views])
    past = [_past(view.environment, item) for view in views for item in view.deliveries]
    if past:
        table("the last deliveries", list(PAST), past)
        table("how deliveries go", list(FIGURES), [_figures(view) for view in views])
    for view in views:
        for text in view.unread:
            note(f"note: {view.environment}: unknown is {text}")
    return None


def _now(view) -> list[object]:
    intended = view.intended.version if view.intended else "unread" if view.path == UNKNOWN else "nothing"
    runs = [f"{item.version} ({item.digest[7:19]})" for item in view.running]
    since = max((item.since for item in view.running), default=0)
    state = [view.health, "; ".join(remarks(view))]
    return [
        view.environment,
        view.path,
        view.newest,
        intended,
        ", ".join(runs) or "nothing",
        _when(since),
    ] + state


def remarks(view) -> Iterator[str]:
    """What somebody should know: drift, a hold, a lock, what waits."""
    if view.drift:
        yield f"drift: {view.drift}"
    if view.hold:
        yield f"held: {view.hold}"
    if view.lock:
        yield f"locked: {view.lock}"
    if view.waits:
        yield waiting(view.waits)


def waiting(waits) -> str:
    commits = f", {len(waits.commits)} commits" if waits.commits else ""
    return f"waits: {waits.version} of {waits.source}{commits}"


def _past(environment: str, past) -> list[object]:
    seconds = "" if past.seconds is None else f"{past.seconds:.0f}"
    what = [past.path, past.version, verdict(past), seconds]
    return [environment, _when(past.when), *what, past.who, past.commit[:7]]


def verdict(past) -> str:
    return f"{past.verdict} (way back)" if past.is_back else past.verdict


def _figures(view) -> list[object]:
    seen = view.figures
    texts = [f"{seen.per_week:.1f}" if seen.per_week is not None else "", duration(seen.lead)]
    texts += ["" if seen.failed is None else f"{seen.failed:.0%}", duration(seen.restore)]
    return [view.environment, f"{seen.days:.1f}", seen.deliveries, *texts]


def _when(seconds: float) -> str:
    return rfc3339(seconds)[:16].replace("T", " ") if seconds else ""
