"""A rehearsal as it may have been: its events, for tests of the page and of the report."""

from collections.abc import Iterator

BEGIN = 1_800_000_000.0
OLD, NEW = "1.5.0-alpha.11", "1.5.0-alpha.12"
PUSH = (("commit", 0.4, "rehearsed at 12:00"), ("version", 0.1, NEW), ("image", 0.2, f"{NEW}, to be built"))
PUSH += (("build", 5.2, "tree-71ed55d093822726bb3b"), ("publish", 0.8, "sha256:1d8bbab49229"))
PUSH += (
    ("plan", 0.9, "2 objects differ"),
    ("apply", 0.5, "deployment.apps/front"),
    ("rollout", 6.1, "2 pods"),
)
PULL = (("commit", 0.4, "rehearsed at 12:01"), ("version", 0.1, NEW), ("image", 0.1, "the registry has it"))
PULL += (("branch", 0.2, "gitops, there"), ("write", 0.6, "written"), ("ready", 9.0, "commit 0123456789ab"))


def events(text: str = "", failed: bool = False) -> list[dict]:
    """From begin to end, by push and by pull. text: instead of every text that comes from outside."""
    return list(_events(text, failed))


def _events(text: str, failed: bool) -> Iterator[dict]:
    about = {"project": text or "vote", "scenario": text or "push and pull", "jobs": False}
    yield {"at": BEGIN, "kind": "begin", **about}
    at, number = BEGIN + 1, 0
    halves = (("push", "dev", PUSH), ("pull", "staging", PULL))
    for lane, environment, steps in halves:
        yield {"at": at, "kind": "part", "title": text or f"{lane}: a change, under load", "lane": lane}
        yield from _pods(at, environment, OLD)
        for name, seconds, note in steps:
            is_bad = failed and name in ("rollout", "ready")
            facts = {"kind": "step", "id": number, "name": name, "lane": lane, "note": text or note}
            yield facts | {"at": at, "state": "running", "seconds": None}
            yield from _load(at, seconds, environment, name in ("rollout", "ready"), text)
            at, number = at + seconds, number + 1
            yield facts | {"at": at, "state": "failed" if is_bad else "done", "seconds": seconds}
        yield from _replaced(at, environment, text)
        at += 2
    outcome = ("failed", text or "dev is bad: crash-loop") if failed else ("done", "done")
    yield {"at": at, "kind": "end", "outcome": outcome[0], "text": outcome[1]}


def _load(at: float, seconds: float, environment: str, mixed: bool, text: str) -> Iterator[dict]:
    for second in range(int(seconds + 0.5)):
        new = min(50, 9 * second) if mixed else 0
        versions = {text or OLD: 50 - new} | ({NEW: new} if new else {})
        yield {
            "at": at + second,
            "kind": "load",
            "environment": environment,
            "versions": versions,
            "failed": 0,
            "seconds": 1,
        }


def _pods(at: float, environment: str, version: str, states=("ready",)) -> Iterator[dict]:
    for number in (1, 2):
        pod = {
            "kind": "pod",
            "environment": environment,
            "name": f"front-{version}-{number}",
            "version": version,
        }
        yield from ({**pod, "at": at + later, "state": state} for later, state in enumerate(states))


def _replaced(at: float, environment: str, text: str) -> Iterator[dict]:
    yield from _pods(at - 5, environment, text or NEW, ("starting", "ready"))
    yield from _pods(at - 3, environment, OLD, ("ending", "gone"))
