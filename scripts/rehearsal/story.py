"""The rehearsal told from start to end: stand-ins up, deliver, change the app, deliver again under load."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scripts import deploy, report, source
from scripts.command import command
from scripts.config import Config
from scripts.deploy import Delivery, Outcome
from scripts.registry import Registry
from scripts.rehearsal import stack
from scripts.rehearsal.processes import Process
from scripts.runner import Local
from scripts.steps import Step
from scripts.tools import git

ENVIRONMENT = "dev"
EDITION = "vote/templates/edition.html"  # the line of the app that the rehearsal changes
RATE = 50  # requests a second while the second version is delivered
AUTHOR = {"GIT_AUTHOR_NAME": "aks-flow rehearsal", "GIT_AUTHOR_EMAIL": "rehearsal@localhost"}
COMMITTER = {"GIT_COMMITTER_NAME": "aks-flow rehearsal", "GIT_COMMITTER_EMAIL": "rehearsal@localhost"}


@dataclass(frozen=True)
class Change:
    """A change delivered under load: requests sent and failed, seconds from commit to serving alone."""

    outcome: Outcome
    sent: int
    failed: int
    seconds: float


@dataclass(frozen=True)
class Board:
    """What the rehearsal ends with: both deliveries, how long each step took, what runs."""

    first: Outcome
    second: Change
    steps: list[Step]
    pods: list[dict]


def tell(config: Config, as_json: bool) -> None:
    """Run the whole story and show its board."""
    run, steps = Local(), report.steps(as_json)
    stack.up(run, config, steps, report.note)
    with steps("clone") as step:
        repo = clone(run, config)
        step.note = str(repo)
    hands = Delivery(run, Registry(config.destination.registry.partition("/")[0]), config, steps)
    first = deploy.push(hands, source.read(run, repo), ENVIRONMENT)
    second = deliver_change(hands, repo, first.url)
    board = Board(first, second, steps.done, _pods(run, hands))
    report.document(board) if as_json else show(board)


def deliver_change(hands: Delivery, repo: Path, url: str) -> Change:
    """Commit a change, push it, all under a steady load on `url`."""
    with load(hands.run, hands.config, url) as tally:
        with hands.steps("change") as step:
            step.note = change(hands.run, hands.config, repo)
        committed = time.time()
        outcome = deploy.push(hands, source.read(hands.run, repo), ENVIRONMENT)
    seen = tally()
    alone = max(seen["versions"][outcome.image.tag][0], _last_of_others(seen, outcome.image.tag))
    return Change(outcome, seen["sent"], seen["failed"], alone - committed)


def clone(run: Local, config: Config) -> Path:
    """A clone of the repository under .rehearsal/, on develop, brought up to the repository's HEAD."""
    repo = config.state / "clone"
    head = git.parse_status(run.run(git.status(config.root)).text).commit
    if not repo.is_dir():
        run.run(git.clone(config.root, repo))
        run.run(git.checkout_new(repo, "develop", head))
    run.run(git.fetch(repo, "origin", head))
    run.run(_as_rehearsal(git.merge_theirs(repo, head, "Take over the repository's current commit")))
    return repo


def change(run: Local, config: Config, repo: Path) -> str:
    """Commit one visible change to the app: the edition that the page's foot shows."""
    edition = f"rehearsed at {datetime.now():%H:%M:%S}"
    file = repo / config.app.context / EDITION
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(edition + "\n")
    run.run(git.add(repo, file))
    run.run(_as_rehearsal(git.commit_all(repo, f"Show that this was {edition}")))
    return edition


def _as_rehearsal(git_command):
    """Commits of the rehearsal carry its own name and no signature, whatever the person's settings."""
    switches = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "commit.gpgsign", "GIT_CONFIG_VALUE_0": "false"}
    return git_command.with_env(**AUTHOR, **COMMITTER, **switches)


@contextmanager
def load(run: Local, config: Config, url: str) -> Iterator:
    """A steady load on `url` inside the block; afterwards the value yielded gives its tally, a dict."""
    output = config.state / "load.json"
    output.unlink(missing_ok=True)
    process = Process("load", config.state)
    arguments = ("-m", "scripts.rehearsal.load", url, RATE, output)
    process.start(run, command(sys.executable, *arguments, cwd=stack.CODE))
    try:
        yield lambda: json.loads(output.read_text())
    finally:
        process.stop()


def _last_of_others(tally: dict, version: str) -> float:
    return max((last for name, (_, last) in tally["versions"].items() if name != version), default=0)


def _pods(run: Local, delivery: Delivery) -> list[dict]:
    answer = json.loads(run.run(delivery.cluster(ENVIRONMENT).get_all("pods")).stdout)
    return [_pod(item) for item in answer["items"]]


def _pod(item: dict) -> dict:
    """One line of the board: the pod, what it runs and whether it serves."""
    container = item["status"]["containerStatuses"][0]
    state = "ready" if container["ready"] else "not ready"
    if item["metadata"].get("deletionTimestamp"):
        state = "terminating"
    return {
        "name": item["metadata"]["name"],
        "image": container["image"],
        "digest": container["imageID"].rpartition("@")[2],
        "state": state,
    }


def show(board: Board) -> None:
    """The board, for a person."""
    rows = [[pod["name"], _tagged(pod["image"]), pod["digest"][:19], pod["state"]] for pod in board.pods]
    report.table("what runs", ["pod", "image", "digest", "state"], rows)
    rows = [[step.name, f"{step.seconds:.2f}", step.note] for step in board.steps]
    report.table("how long it took", ["step", "seconds", "outcome"], rows)
    second = board.second
    report.say(f"under {RATE} requests a second: {second.sent} sent, {second.failed} failed")
    report.say(f"from commit to the new version alone: {second.seconds:.1f} s")
    report.say(f"open {second.outcome.url}")


def _tagged(image: str) -> str:
    """``host/front:1.2@sha256:…`` -> ``front:1.2``."""
    return image.partition("@")[0].rpartition("/")[2]
