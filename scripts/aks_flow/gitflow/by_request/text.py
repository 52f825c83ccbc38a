"""What a pull request says: its title, what is new, and what its merge leads to."""

from collections.abc import Iterator

from aks_flow.gitflow import notes, version_facts
from aks_flow.gitflow.choosing import by_request
from aks_flow.gitflow.flow import Flow
from aks_flow.gitflow.version import FEATURE, derive
from aks_flow.tools.git import lines, log, merge


def title(flow: Flow, branch: str, base: str) -> str:
    """One that says what a squashed merge is: a release is told by it, and a feature's notes are."""
    kind, name = flow.names.kind(branch), flow.names.short(branch)
    if kind != FEATURE:
        return f"{kind.capitalize()} {name.removeprefix('v')}"
    subjects = lines(flow.run.run(log.subjects(flow.repo, flow.at_origin(base), flow.tip(branch))).text)
    return subjects[0].partition(" ")[2] if len(subjects) == 1 else f"feat: {name.replace('-', ' ')}"


def body(flow: Flow, branch: str, tip: str, base: str) -> str:
    """The notes, then the plan. base: the branch that it goes into."""
    past = version_facts.of_commit(flow.run, flow.repo, flow.names, tip, branch)
    since = version_facts.previous(flow.run, flow.repo, past)
    version = past.facts.own or derive(past.facts)
    news = notes.markdown(str(version), _changes(flow, since, tip))
    return "\n\n".join([news, "### The plan", _plan(flow, branch, tip, base)]) + "\n"


def _plan(flow: Flow, branch: str, tip: str, base: str) -> str:
    return "\n".join(f"- {point}" for point in _points(flow, branch, tip, base))


def _points(flow: Flow, branch: str, tip: str, base: str) -> Iterator[str]:
    reached = flow.reaches(base)
    if reached:
        yield f"Merging this delivers to {reached}."
    clash = conflicts(flow, flow.at_origin(base), tip)
    if clash:
        yield f"It conflicts with {base} in {', '.join(clash)}: merge {base} into {branch} first."
    if flow.names.kind(branch) != FEATURE:
        then = f"Then {by_request(flow, branch)} tags the merge and opens the merge back"
        yield f"{then} into {flow.names.develop}."


def conflicts(flow: Flow, base: str, tip: str) -> list[str]:
    """The files in which two commits conflict."""
    answer = flow.run.run(merge.merge_tree(flow.repo, base, tip))
    return merge.parse_merge_tree(answer.text)[1] if answer.code == merge.CONFLICT else []


def back_merge(flow: Flow, head: str, tag: str, clash: list[str]) -> str:
    """The text of a merge back into develop; after a conflict, how a person resolves it."""
    develop = flow.names.develop
    first = f"{tag} comes back into {develop}. Merge it with a merge commit: versions then count from it.\n"
    if not clash:
        return first
    how = ["git fetch origin", f"git checkout {head}", f"git merge origin/{develop}"]
    how += ["# resolve, git add, git commit", "git push"]
    shown = "\n".join(["```sh", *how, "```"])
    return f"{first}\nIt conflicts in {', '.join(clash)}, which a person resolves:\n\n{shown}\n"


def _changes(flow: Flow, since: str, tip: str) -> list[notes.ReleaseNote]:
    return notes.parse(flow.run.run(log.messages(flow.repo, since, tip)).text)
