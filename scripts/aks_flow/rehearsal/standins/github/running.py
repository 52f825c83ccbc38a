"""One run carried out: a clone at its commit, act, and how it ended."""

import json
import logging
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from aks_flow.core import environment
from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.github import local_actions, run_folders, run_processes
from aks_flow.rehearsal.standins.github.api import listening
from aks_flow.rehearsal.standins.github.api.tokens import PERSON, WORKFLOW
from aks_flow.rehearsal.standins.github.event import BRANCH, REPOSITORY, SERVER, Event, payload
from aks_flow.rehearsal.standins.github.hub import DEFAULT_BRANCH, Hub
from aks_flow.rehearsal.standins.github.runs import CANCELLED, FAILURE, RUNNING, SUCCESS, Run
from aks_flow.tools import act
from aks_flow.tools.git import files, remotes, worktree

STOPPED = "the rehearsal's GitHub was stopped while it ran: push again to start a new run"
_SECRETS = {"GITHUB_TOKEN": WORKFLOW, "FLOW_TOKEN": PERSON}
_KILLED = 128  # an exit code above: a signal ended the program


def carry_out(hub: Hub, run: Run, stopping: threading.Event) -> Run:
    """From queued to its end; it raises nothing, since nobody waits for the thread that it runs in."""
    run = hub.runs.update(run, state=RUNNING, started=time.time())
    try:
        state, note = _outcome(hub, run)
    except AksFlowError as error:
        state, note = FAILURE, str(error)
    except Exception as error:  # a fault of ours must not look like a long run
        logging.getLogger(__name__).exception("run %s", run.number)
        state, note = FAILURE, f"the rehearsal's GitHub failed: {error}; its log says where"
    if stopping.is_set():
        state, note = CANCELLED, STOPPED
    return hub.runs.update(run, state=state, note=note, ended=time.time())


def _outcome(hub: Hub, run: Run) -> tuple[str, str]:
    """The state and why; nothing of the run is left running, and its clones are gone."""
    folder = hub.runs.folder(run.number)
    try:
        _check_out(hub, run.event, folder)
        code = _act(hub, run, folder)
        return (SUCCESS, "") if code == 0 else (FAILURE, _why(hub, run, code))
    finally:
        run_processes.end(folder)
        run_folders.clear(folder)


def _check_out(hub: Hub, event: Event, folder: Path) -> None:
    """What actions/checkout gives with `fetch-depth: 0`: act's host mode has no use for that action.

    git checks nothing out in a folder that is gone, as this process's own is after an upgrade.
    """
    work = run_folders.work(folder)
    hub.run.run(replace(remotes.clone(hub.repository, work), cwd=folder))
    if event.ref.startswith(BRANCH):
        hub.run.run(worktree.checkout_new(work, event.branch, event.commit))
    else:
        # With a ref, as actions/checkout has it: act copies files alone, and without one `refs` is empty.
        named = f"{event.ref}:refs/remotes/{event.ref.removeprefix('refs/')}"
        hub.run.run(remotes.fetch_refs(work, "origin", named))
        hub.run.run(worktree.detach(work, event.commit))
    _allow_no_submodules(hub, work)


def _allow_no_submodules(hub: Hub, work: Path) -> None:
    """act's copy lacks the empty folder that git leaves for each, and git would take them for deleted."""
    kept = files.parse_tracked(hub.run.run(files.tracked(work)).text)
    if submodules := [path for path, is_submodule in kept.items() if is_submodule]:
        hub.run.run(files.allow_absence(work, submodules))


def _act(hub: Hub, run: Run, folder: Path) -> int:
    work = run_folders.work(folder)
    body = folder / "event.json"
    body.write_text(json.dumps(payload(run.event, DEFAULT_BRANCH)))
    identity = {
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_SERVER_URL": SERVER,
        "GITHUB_RUN_ID": str(run.number),
    }
    provided = act.Provided(hub.variables, identity, _SECRETS, local_actions.answered(work))
    asked = act.run(work, run.workflow, run.event.name, body, run_folders.scratch(folder), provided)
    lent = {**_surroundings(hub, work), **run_processes.mark(folder)}
    return hub.run.record(asked.with_env(**lent), hub.runs.log_file(run))


def _surroundings(hub: Hub, work: Path) -> dict[str, str]:
    """What the machine lends a run: its environment if the locks are the same, what has passed, gh's way.

    AKSFLOW_ORIGIN: the repository, for a job that checks out another branch than the run's own.
    """
    lent = {
        "AKSFLOW_ORIGIN": str(hub.repository),
        "AKSFLOW_PASSED": str(hub.state / "passed"),
        "NO_COLOR": "1",
        "TERM": "dumb",
        **listening.way(hub),
    }
    files = environment.sources(work, environment.DEVELOPMENT)
    if environment.is_complete(files, Path(sys.prefix)):
        lent["AKSFLOW_VENV"] = sys.prefix
    return lent


def _why(hub: Hub, run: Run, code: int) -> str:
    if code > _KILLED:
        return f"the runner was killed (signal {code - _KILLED}): push again to start a new run"
    log = hub.runs.log(run)
    if failed := log.failed():
        job, step = failed
        return f"job {job.name}: " + (f"`{step.name.strip()}` failed" if step else "it failed")
    return " ".join(log.said[-1:]) or f"act ended with exit code {code}"
