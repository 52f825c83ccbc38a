"""gh: what has checked a commit. https://docs.github.com/rest/checks/runs and …/rest/commits/statuses"""

from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, command
from aks_flow.core.reading import reads
from aks_flow.tools.gh import ALL_PAGES, ANY, joined, quoted

PASSED = ("success", "neutral", "skipped")  # as GitHub's required checks count


@dataclass(frozen=True)
class CommitCheck:
    """state: a conclusion, or while there is none how far it is. since: when that began, "" if not known."""

    name: str
    state: str
    since: str


def runs(folder: Path, commit: str, name: str) -> Command:
    """The latest checks of this name by apps, as workflows are; the repository is the folder's own."""
    return _get(folder, f"{commit}/check-runs?filter=latest&per_page=100&check_name={quoted(name)}")


def statuses(folder: Path, commit: str) -> Command:
    """The latest status of each context."""
    return _get(folder, f"{commit}/status?per_page=100")


@reads("gh")
def parse_runs(text: str) -> list[CommitCheck]:
    return [
        CommitCheck(
            run["name"],
            run["conclusion"] or run["status"],
            run["completed_at"] or run["started_at"] or "",
        )
        for run in joined(text)["check_runs"]
    ]


@reads("gh")
def parse_statuses(text: str) -> list[CommitCheck]:
    return [
        CommitCheck(status["context"], status["state"], status["updated_at"])
        for status in joined(text)["statuses"]
    ]


def _get(folder: Path, path: str) -> Command:
    path = f"repos/{{owner}}/{{repo}}/commits/{path}"
    return command("gh", "api", path, *ALL_PAGES, cwd=folder, ok=ANY, reads=True)
