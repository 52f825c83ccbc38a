"""What the tasks `flow.…` do: read, act, report."""

import os
from dataclasses import replace
from itertools import chain

from aks_flow import report
from aks_flow.cli import connect
from aks_flow.cli.context import TaskContext
from aks_flow.core.config.reaching import reaching
from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitflow import announce, branch_of, finish, notes, source, start, status, version_facts
from aks_flow.gitflow.by_request import finishing, merged, proposed
from aks_flow.gitflow.explain import explain
from aks_flow.gitflow.flow import Flow, open_flow
from aks_flow.gitflow.names import read_names
from aks_flow.gitflow.version import Version, derive
from aks_flow.image import build_once
from aks_flow.image.read_source import read_source
from aks_flow.report import job_summary
from aks_flow.tools.git import log


def version_task(task: TaskContext, commit: str, explain: bool, json: bool) -> None:
    """commit: "" for HEAD with its work tree. explain: say on standard error how the version came about."""
    past = _history(task, commit)
    version = _version(past)
    if json:
        return report.document(version)
    for line in version["explanation"] if explain else past.remarks:
        report.note(line)
    return report.say(str(version["version"]))


def _version(past: version_facts.CommitHistory) -> dict:
    return {"version": derive(past.facts), "facts": past.facts, "explanation": explain(past)}


def status_task(task: TaskContext, json: bool) -> None:
    config = task.config()
    flow = open_flow(task.runner(), task.root, config.branches, Steps(Silent()), config.environments)
    rows = status.read(flow, (config.gitops.branch,))
    if not rows:
        raise AksFlowError("no branch has a commit yet", where=str(task.root), next_step="Commit first.")
    if json:
        return report.document(rows)
    cells = [
        ["*" if row.current else "", row.branch, row.version, row.environment or "none", "\n".join(row.waits)]
        for row in rows
    ]
    report.table("branches", ["", "branch", "version", "environment", "waits"], cells)
    return report.say(status.upcoming(flow))


def notes_task(task: TaskContext, commit: str, json: bool) -> None:
    """What a release brings, or what has come since the last one."""
    version, since, changes = _changes(task, commit)
    if json:
        return report.document({"version": version, "since": since, "changes": changes})
    return report.say(notes.markdown(str(version), changes))


def announce_task(task: TaskContext, tag: str) -> None:
    version, _, changes = _changes(task, tag)
    said = announce.announce(_flow(task), tag, notes.markdown(str(version), changes))
    job_summary.line(said)
    report.say(said)


def _changes(task: TaskContext, commit: str) -> tuple[Version, str, list[notes.ReleaseNote]]:
    """The commit's version, the one that it comes after, and what lies between."""
    past, run = _history(task, commit), task.runner()
    since = version_facts.previous(run, task.root, past)
    return (
        derive(past.facts),
        since,
        notes.parse(run.run(log.messages(task.root, since, past.facts.commit)).text),
    )


def proposed_task(task: TaskContext, branch: str, json: bool) -> None:
    """Pull requests that workflows check: into a branch that reaches an environment."""
    config, flow = task.config(), _flow(task)
    bases = chain.from_iterable(reaching(config.branches, config.environments).values())
    requests = proposed.proposed(flow, branch or flow.current(), bases)
    job_summary.output("proposed", str(bool(requests)).lower())
    if json:
        return report.document(requests)
    lines = [f"{request.address} is open, into {request.base}" for request in requests]
    return report.say("\n".join(lines) or "no pull request is open that is checked")


def finish_merged_task(task: TaskContext, branch: str) -> None:
    flow = _flow(task)
    progress = merged.go_on(flow, branch)
    tag = merged.tag_of(flow, branch)
    job_summary.output("tag", tag if flow.commit(f"refs/tags/{tag}") else "")
    job_summary.line(str(progress))
    report.say(str(progress))


def reuse_task(task: TaskContext, json: bool) -> None:
    context = connect.delivery(task)
    first, *more = build_once.decide_all(context, read_source(context))
    if json:
        return report.document([first, *more] if more else first)
    return report.say("\n".join(map(str, [first, *more])))


def start_feature_task(task: TaskContext, name: str, push: bool) -> None:
    report.say(str(start.start(_flow(task), "feature", name, push)))


def finish_feature_task(task: TaskContext, name: str, push: bool, pr: bool) -> None:
    _finish(task, "feature", name, push, pr)


def start_release_task(task: TaskContext, version: str, push: bool) -> None:
    report.say(str(start.start(_flow(task), "release", version, push)))


def finish_release_task(task: TaskContext, version: str, push: bool, pr: bool) -> None:
    _finish(task, "release", version, push, pr)


def start_hotfix_task(task: TaskContext, version: str, push: bool) -> None:
    report.say(str(start.start(_flow(task), "hotfix", version, push)))


def finish_hotfix_task(task: TaskContext, version: str, push: bool, pr: bool) -> None:
    _finish(task, "hotfix", version, push, pr)


def _finish(task: TaskContext, kind: str, name: str, push: bool, pr: bool) -> None:
    """By a push of what was merged here, or by pull requests."""
    if push and pr:
        step = "Leave out --push: with --pr others merge, and only the branch and the tag are pushed."
        raise AksFlowError("--push and --pr exclude each other", next_step=step)
    flow = _flow(task)
    report.say(str(finishing.finish(flow, kind, name) if pr else finish.finish(flow, kind, name, push)))


def _flow(task: TaskContext) -> Flow:
    config = task.config()
    return open_flow(task.runner(), task.root, config.branches, task.steps(), config.environments)


def _history(task: TaskContext, name: str) -> version_facts.CommitHistory:
    """The history of a named commit, or of HEAD; AksFlowError if the name leads to no commit."""
    run, repo, called = task.runner(), task.root, task.config().branches
    names = read_names(run, repo, called)
    if name:
        return version_facts.of_commit(run, repo, names, *branch_of.find(run, repo, name))
    head = source.read(run, repo, called, allow_dirty=True)
    past = version_facts.of_head(run, repo, names, head.commit, head.branch, os.environ)
    return replace(past, facts=replace(past.facts, dirty=head.tree if head.dirty else ""))
