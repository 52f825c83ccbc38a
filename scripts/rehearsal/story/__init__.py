"""The rehearsal told from start to end: stand-ins up, then a change by push and one by pull, under load."""

from scripts import report
from scripts.config import Config
from scripts.delivery import Delivery
from scripts.registry import Registry
from scripts.rehearsal import stack
from scripts.rehearsal.story import board, pulling, pushing, workspace
from scripts.rehearsal.story.board import Board
from scripts.runner import Local
from scripts.steps import Steps


def tell(config: Config, as_json: bool) -> None:
    """Run the whole story and show its board."""
    hands = prepare(config, report.steps(as_json))
    repo = workspace.clone(hands.run, config)
    pushed = pushing.change(hands, repo, pushing.first(hands, repo))
    inside = pulling.at(hands, repo)
    pulled = pulling.change(inside, repo, pulling.first(inside, repo))
    running = [pod for half in (pushed, pulled) for pod in board.pods(hands, half.environment)]
    ended = Board(running, [pushed, pulled], hands.steps.done)
    report.document(ended) if as_json else board.show(ended)


def prepare(config: Config, steps: Steps) -> Delivery:
    """The stand-ins, running, and the hands that reach them."""
    run = Local()
    stack.up(run, config, steps, report.note)
    return Delivery(run, Registry(config.destination.registry.partition("/")[0]), config, steps)
