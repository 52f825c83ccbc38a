"""One run carried out: a clone at its commit, act, and how it ended."""

import json
import shutil
import sys
import time
from pathlib import Path

from scripts.errors import AksFlowError
from scripts.rehearsal.github import marks
from scripts.rehearsal.github.event import BRANCH, REPOSITORY, SERVER, Event, payload
from scripts.rehearsal.github.hub import DEFAULT_BRANCH, Hub
from scripts.rehearsal.github.runs import FAILURE, RUNNING, SUCCESS, Run
from scripts.tools import act, git

_KILLED = 128  # an exit code above: a signal ended the program
_LOCK = "requirements.lock"


def carry_out(hub: Hub, run: Run) -> Run:
    """From queued to its end. It never raises for what a pushed repository contains: that is a failed run."""
    run = hub.runs.update(run, state=RUNNING, started=time.time())
    folder = hub.runs.folder(run.number)
    work, scratch = folder / "work", folder / "jobs"
    try:
        _check_out(hub, run.event, work)
        code = _act(hub, run, work, scratch)
        state, note = (SUCCESS, "") if code == 0 else (FAILURE, _why(hub, run, code))
    except AksFlowError as error:
        state, note = FAILURE, str(error)
    finally:
        marks.end(folder)
        for place in (work, scratch):
            shutil.rmtree(place, ignore_errors=True)
    return hub.runs.update(run, state=state, note=note, ended=time.time())


def _check_out(hub: Hub, event: Event, work: Path) -> None:
    """What actions/checkout gives with `fetch-depth: 0`: act's host mode has no use for that action."""
    hub.run.run(git.clone(hub.repository, work))
    if event.ref.startswith(BRANCH):
        hub.run.run(git.checkout_new(work, event.branch, event.commit))
    else:
        hub.run.run(git.fetch(work, "origin", event.ref))
        hub.run.run(git.detach(work, event.commit))


def _act(hub: Hub, run: Run, work: Path, scratch: Path) -> int:
    folder = hub.runs.folder(run.number)
    body = folder / "event.json"
    body.write_text(json.dumps(payload(run.event, DEFAULT_BRANCH)))
    identity = {
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_SERVER_URL": SERVER,
        "GITHUB_RUN_ID": str(run.number),
    }
    asked = act.run(work, run.workflow, run.event.name, body, scratch, hub.variables, identity)
    lent = {**_surroundings(hub, work), **marks.mark(folder)}
    return hub.run.record(asked.with_env(**lent), hub.runs.log_file(run))


def _surroundings(hub: Hub, work: Path) -> dict[str, str]:
    """What the machine lends a run: its environment if the lock is the same, and what has passed here."""
    lent = {"AKSFLOW_PASSED": str(hub.state / "passed")}
    own = Path(sys.prefix)
    lock = work / _LOCK
    if lock.is_file() and (own / _LOCK).is_file() and lock.read_bytes() == (own / _LOCK).read_bytes():
        lent["AKSFLOW_VENV"] = str(own)
    return lent


def _why(hub: Hub, run: Run, code: int) -> str:
    if code > _KILLED:
        return f"the runner was killed in the middle (signal {code - _KILLED}): the next push starts anew"
    log = hub.runs.log(run)
    if failed := log.failed():
        job, step = failed
        return f"job {job.name}: " + (f"`{step.name.strip()}` failed" if step else "it failed")
    return " ".join(log.said[-1:]) or f"act ended with exit code {code}"
