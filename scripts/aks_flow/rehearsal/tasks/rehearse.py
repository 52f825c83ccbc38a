"""`rehearse`: plays a scenario and shows what came of it."""

from collections.abc import Callable

from aks_flow import report
from aks_flow.cli.context import TaskContext
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.scenarios import given_cluster, prepare
from aks_flow.rehearsal.scenarios.gitflow.release_cycle import CycleResult
from aks_flow.rehearsal.scenarios.push_and_pull.load import RATE
from aks_flow.rehearsal.scenarios.push_and_pull.measured import EVENTS
from aks_flow.rehearsal.scenarios.push_and_pull.summary import DeliveredPod, RehearsalSummary
from aks_flow.rehearsal.standins import stack
from aks_flow.rehearsal.tasks import settings

Announce = Callable[[str], None]
_REMOVE = "Remove it: ./inv rehearsal.down"


def rehearse_task(task: TaskContext, gitflow: bool, azure: bool, context: str, json: bool) -> None:
    """AksFlowError if the flags ask for two scenarios, or if what is played does not end well."""
    flags = {"--gitflow": gitflow, "--azure": azure, "--context": context}
    chosen = [flag for flag, given in flags.items() if given]
    if len(chosen) > 1:
        needs = ": what they rehearse needs its own stand-in, which no given cluster has" if context else ""
        what = f"{' and '.join(chosen)} are {len(chosen)} scenarios{needs}"
        raise AksFlowError(what, next_step="Choose one of them.")
    if context:
        return _on_given_cluster(settings.config(task, target=given_cluster.TARGET), context, json)
    config = settings.config(task)
    play = _gitflow if gitflow else _with_azure if azure else _push_and_pull
    announce = _announce(json)
    with stack.turn(config, report.note):
        announce("The stand-ins")
        play(config, announce, json)
    return None


def _announce(as_json: bool) -> Announce:
    return _silent if as_json else report.heading


def _silent(title: str) -> None:
    """With --json there is one document, at the end."""


def _push_and_pull(config: Config, announce: Announce, as_json: bool) -> None:
    from aks_flow.rehearsal.scenarios import push_and_pull

    context = prepare.stand_ins(config, report.steps(as_json), report.note)
    _show(push_and_pull.play(context, announce), as_json)
    announce(f"All of it keeps running. To look at it: {stack.kubectl_line(config)}\n{_REMOVE}")


def _on_given_cluster(config: Config, context: str, as_json: bool) -> None:
    announce, steps = _announce(as_json), report.steps(as_json)
    with stack.turn(config, report.note):
        announce(f"The cluster of context {context}")
        given = given_cluster.read(Local(), config, context)
        reached = prepare.given_cluster(given.config, steps, report.note)
        _show(given_cluster.play(given, reached, announce), as_json)
    announce(f"Nothing of it is left there, but for its images in {given.config.destination.registry}.")


def _with_azure(config: Config, announce: Announce, as_json: bool) -> None:
    from aks_flow.rehearsal.scenarios.push_and_pull import with_azure

    _show(with_azure.play(config, announce, report.steps(as_json), report.note), as_json)
    announce(f"The rehearsal keeps running. {_REMOVE}")


def _gitflow(config: Config, announce: Announce, as_json: bool) -> None:
    from aks_flow.rehearsal.scenarios import gitflow

    context = prepare.stand_ins(config, report.steps(as_json), report.note)
    cycles = gitflow.play(context, announce)
    if as_json:
        return report.document(cycles)
    for cycle in cycles:
        _show_cycle(cycle)
    report.heading("the branches")
    report.say(gitflow.developer_clone.graph(context))
    look = f"./inv rehearsal.runs, ./inv rehearsal.run N, {stack.kubectl_line(config)}"
    return announce(f"All of it keeps running. To look at it: {look}\n{_REMOVE}")


def _show(summary: RehearsalSummary, as_json: bool) -> None:
    if as_json:
        return report.document(summary)
    columns = ["environment", "pod", "image", "digest", "state"]
    report.table("what runs where", columns, [_pod(pod) for pod in summary.pods])
    paths = summary.deliveries
    rows = [[event, *(delivery.after_commit(event) for delivery in paths)] for event in EVENTS]
    columns = ["event", *(f"{delivery.path} to {delivery.environment}" for delivery in paths)]
    report.table("seconds after the commit", columns, rows)
    for delivery in paths:
        alone = f"{delivery.image.tag} serves alone after {delivery.seconds:.1f} s"
        requests = f"{delivery.sent} requests at {RATE} a second, {delivery.failed} failed"
        address = delivery.url or "through the cluster's API"
        report.say(f"{delivery.path}: {alone}; {requests}; {address}")
    if summary.no_pull:
        report.say(f"pull: not played: {summary.no_pull}")
    return None


def _pod(pod: DeliveredPod) -> list[str]:
    return [pod.environment, pod.name, _tagged(pod.image), pod.digest[:19], pod.state]


def _tagged(image: str) -> str:
    """``host/web:1.2@sha256:…`` -> ``web:1.2``."""
    return image.partition("@")[0].rpartition("/")[2]


def _show_cycle(cycle: CycleResult) -> None:
    from aks_flow.rehearsal.scenarios.gitflow import timeline

    report.table(f"{cycle.version} by {cycle.mode}", timeline.COLUMNS, timeline.rows(cycle))
    report.say(timeline.sentence(cycle))
