"""The rehearsal told from start to end: stand-ins up, then a change by push and one by pull, under load."""

from collections.abc import Callable

from aks_flow import report
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.core.steps import Steps
from aks_flow.rehearsal.scenarios.push_and_pull import board, ownership, pulling, pushing, workspace
from aks_flow.rehearsal.scenarios.push_and_pull.board import Board
from aks_flow.rehearsal.standins import stack
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry import RegistryClient


def tell(config: Config, as_json: bool) -> None:
    """Run the whole story and show its board."""
    chapter = silent if as_json else report.heading
    chapter("The stand-ins")
    ended = both(prepare(config, report.steps(as_json)), chapter)
    report.document(ended) if as_json else board.show(ended)
    chapter(f"All of it goes on running. Look: {stack.kubectl_line(config)}\nRemove it: ./inv rehearsal.down")


def both(context: DeliveryContext, chapter: Callable[[str], None]) -> Board:
    """A change by push to dev, then one by pull to staging."""
    repo = workspace.clone(context.run, context.config)
    chapter("Push: develop to dev, with kubectl")
    ownership.take_from_argocd(context, pushing.ENVIRONMENT)
    url = pushing.first(context, repo)
    chapter("Push: a change, under load")
    pushed = pushing.change(context, repo, url)
    chapter("Pull: a release branch to staging, by a commit that Argo CD finds")
    inside = pulling.at(context, repo)
    url = pulling.first(inside, repo)
    chapter("Pull: a change, under load")
    pulled = pulling.change(inside, repo, url)
    running = [pod for half in (pushed, pulled) for pod in board.pods(context, half.environment)]
    return Board(running, [pushed, pulled], context.steps.done)


def silent(title: str) -> None:
    """With --json there is one document, at the end."""


def prepare(config: Config, steps: Steps) -> DeliveryContext:
    """The stand-ins, running, and the context that reaches them."""
    run = Local()
    stack.up(run, config, steps, report.note)
    return DeliveryContext(run, RegistryClient(config.destination.registry_host), config, steps)
