"""What the tasks of GitFlow do, one function a task: read, act, report."""

import os
from dataclasses import replace
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitflow import finish as finishing
from aks_flow.gitflow import history, source
from aks_flow.gitflow import notes as noting
from aks_flow.gitflow import start as starting
from aks_flow.gitflow import status as statuses
from aks_flow.gitflow.explain import explain
from aks_flow.gitflow.flow import Flow, open_flow
from aks_flow.gitflow.version import derive
from aks_flow.image import build_once
from aks_flow.report import report
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.git import branches, objects, refs


def version(run: Runner, repo: Path, commit: str, explained: bool, as_json: bool) -> None:
    """commit: "" for HEAD with its work tree."""
    found = _found(run, repo, commit)
    lines = explain(found)
    if as_json:
        return report.document({"version": derive(found.facts), "facts": found.facts, "explanation": lines})
    for line in lines if explained else []:
        report.note(line)
    return report.say(str(derive(found.facts)))


def start(run: Runner, repo: Path, kind: str, name: str, push: bool) -> None:
    report.say(str(starting.start(_flow(run, repo), kind, name, push)))


def finish(run: Runner, repo: Path, kind: str, name: str, push: bool) -> None:
    report.say(str(finishing.finish(_flow(run, repo), kind, name, push)))


def status(run: Runner, repo: Path, gitops_branch: str, as_json: bool) -> None:
    flow = _flow(run, repo, quiet=True)
    rows = statuses.read(flow, (gitops_branch,))
    if as_json:
        return report.document(rows)
    cells = [
        ["*" if row.current else "", row.branch, row.version, row.environment or "none", "\n".join(row.waits)]
        for row in rows
    ]
    report.table("branches", ["", "branch", "version", "environment", "waits"], cells)
    return report.say(statuses.upcoming(flow))


def notes(run: Runner, repo: Path, commit: str, as_json: bool) -> None:
    """What a release brings, or what has come since the last one."""
    found = _found(run, repo, commit)
    start = history.previous(run, repo, found.facts)
    changes = noting.parse(run.run(branches.log(repo, start, found.facts.commit)).text)
    if as_json:
        return report.document({"version": derive(found.facts), "since": start, "changes": changes})
    return report.say(noting.markdown(str(derive(found.facts)), changes))


def reuse(context: DeliveryContext, as_json: bool) -> None:
    decision = build_once.decide(context, source.read(context.run, context.config.root))
    report.document(decision) if as_json else report.say(str(decision))


def _flow(run: Runner, repo: Path, quiet: bool = False) -> Flow:
    return open_flow(run, repo, report.steps(quiet))


def _found(run: Runner, repo: Path, name: str) -> history.Found:
    if name:
        commit = run.run(objects.resolve(repo, name)).text.strip()
        if not commit:
            step = "Name a commit, a branch or a tag that is here."
            raise AksFlowError(f"{name!r} is no commit", where=str(repo), next_step=step)
        return history.of_commit(run, repo, commit, _branch(run, repo, name))
    read = source.read(run, repo, allow_dirty=True)
    found = history.of_head(run, repo, read.commit, read.branch, os.environ)
    return replace(found, facts=replace(found.facts, dirty=read.tree if read.dirty else ""))


def _branch(run: Runner, repo: Path, name: str) -> str:
    """The name itself if it is a branch's."""
    return name if name in refs.parse_branches(run.run(refs.branches(repo)).text) else ""
