"""The clone that the story works in: commits are made there, never in the person's work tree."""

from datetime import datetime
from pathlib import Path

from scripts.command import Command
from scripts.config import Config
from scripts.runner import Runner
from scripts.tools import git

DEVELOP = "develop"
EDITION = "vote/templates/edition.html"  # the line of the app that the rehearsal changes
_IDENTITY = {
    **{"GIT_AUTHOR_NAME": "aks-flow rehearsal", "GIT_AUTHOR_EMAIL": "rehearsal@localhost"},
    **{"GIT_COMMITTER_NAME": "aks-flow rehearsal", "GIT_COMMITTER_EMAIL": "rehearsal@localhost"},
    **{"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "commit.gpgsign", "GIT_CONFIG_VALUE_0": "false"},
}


def clone(run: Runner, config: Config) -> Path:
    """The clone under .rehearsal/, on develop, with the repository's HEAD and what earlier stories left."""
    repo = config.state / "clone"
    head = git.parse_status(run.run(git.status(config.root)).text).commit
    if not repo.is_dir():
        run.run(git.clone(config.root, repo))
        run.run(git.checkout_new(repo, DEVELOP, head))
    run.run(git.fetch(repo, "origin", head))
    run.run(git.checkout(repo, DEVELOP))
    releases = run.run(git.branches(repo, "release/*")).text.split()
    for commit in (*releases, head):
        run.run(_own(git.merge_theirs(repo, commit, f"Take over {commit}")))
    return repo


def branch_off(run: Runner, repo: Path, branch: str) -> None:
    run.run(git.checkout_new(repo, branch, DEVELOP))


def change(run: Runner, config: Config, repo: Path) -> str:
    """Commit one visible change of the app, the edition at the page's foot; what it says now."""
    edition = f"rehearsed at {datetime.now():%H:%M:%S}"
    file = repo / config.app.context / EDITION
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(edition + "\n")
    run.run(git.add(repo, file))
    run.run(_own(git.commit_all(repo, f"Show that this was {edition}")))
    return edition


def _own(built: Command) -> Command:
    """The rehearsal's commits carry its own name and no signature, whatever the person's settings."""
    return built.with_env(**_IDENTITY)
