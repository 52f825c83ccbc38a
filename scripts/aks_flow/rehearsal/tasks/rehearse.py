"""`rehearse`: plays a scenario and shows what came of it."""

from collections.abc import Callable
from functools import partial

from aks_flow import report
from aks_flow.cli.context import TaskContext
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.scenarios import given_cluster, prepare
from aks_flow.rehearsal.scenarios.gitflow.release_cycle import CycleResult
from aks_flow.rehearsal.scenarios.push_and_pull.measured import EVENTS
from aks_flow.rehearsal.scenarios.push_and_pull.summary import DeliveredPod, RehearsalSummary
from aks_flow.rehearsal.standins import stack
from aks_flow.rehearsal.tasks import settings
from aks_flow.rehearsal.tasks.stage import Stage, staged

_REMOVE = "Remove it: ./inv rehearsal.down"


def rehearse_task(
    task: TaskContext, gitflow: bool, pr: bool, azure: bool, context: str, show: bool, json: bool
) -> None:
    """AksFlowError if the flags ask for two scenarios, or if what is played does not end well."""
    _check_flags(gitflow, pr, azure, context)
    if context:
        config = settings.config(task, target=given_cluster.TARGET)
        with staged(config, f"push and pull on {context}", show, json) as stage:
            return _on_given_cluster(config, context, stage, json)
    config = settings.config(task)
    scenario, play = _chosen(gitflow, pr, azure)
    with staged(config, scenario, show, json, jobs=gitflow) as stage:
        stage.announce("The stand-ins")
        return play(config, stage, json)


def _check_flags(gitflow: bool, pr: bool, azure: bool, context: str) -> None:
    flags = {"--gitflow": gitflow, "--azure": azure, "--context": context}
    chosen = [flag for flag, given in flags.items() if given]
    if len(chosen) > 1:
        needs = ": what they rehearse needs its own stand-in, which no given cluster has" if context else ""
        what = f"{' and '.join(chosen)} are {len(chosen)} scenarios{needs}"
        raise AksFlowError(what, next_step="Choose one of them.")
    if pr and not gitflow:
        raise AksFlowError("--pr goes with --gitflow", next_step="Use `./inv rehearse --gitflow --pr`.")


def _chosen(gitflow: bool, pr: bool, azure: bool) -> tuple[str, Callable[[Config, Stage, bool], None]]:
    """The scenario on the stand-ins: its name on the page, and what plays it."""
    if gitflow:
        return "a feature's way to production, by push and by pull", partial(_gitflow, pr=pr)
    if azure:
        return "push and pull, with Azure", _with_azure
    return "push and pull, a change of each under load", _push_and_pull


def _push_and_pull(config: Config, stage: Stage, as_json: bool) -> None:
    from aks_flow.rehearsal.scenarios.push_and_pull import both_paths

    context = prepare.stand_ins(config, stage.steps, report.note)
    _show(both_paths.play(context, stage.announce), as_json)
    stage.conclude(f"All of it keeps running. To look at it: {stack.kubectl_line(config)}\n{_REMOVE}")


def _on_given_cluster(config: Config, context: str, stage: Stage, as_json: bool) -> None:
    stage.announce(f"The cluster of context {context}")
    given = given_cluster.read(Local(), config, context)
    reached = prepare.given_cluster(given, stage.steps, report.note)
    _show(given_cluster.play(given, reached, stage.announce), as_json)
    stage.conclude(f"Nothing of it is left there, but for its images in {given.config.destination.registry}.")


def _with_azure(config: Config, stage: Stage, as_json: bool) -> None:
    from aks_flow.rehearsal.scenarios.push_and_pull import with_azure

    _show(with_azure.play(config, stage.announce, stage.steps, report.note), as_json)
    stage.conclude(f"The rehearsal keeps running. {_REMOVE}")


def _gitflow(config: Config, stage: Stage, as_json: bool, pr: bool) -> None:
    from aks_flow.rehearsal.scenarios import gitflow

    context = prepare.stand_ins(config, stage.steps, report.note)
    cycles = gitflow.play(context, stage.announce, pr)
    if as_json:
        return report.document(cycles)
    for cycle in cycles:
        _show_cycle(cycle)
    report.heading("the branches")
    report.say(gitflow.developer_clone.graph(context))
    look = f"./inv rehearsal.runs, ./inv rehearsal.run N, {stack.kubectl_line(config)}"
    return stage.conclude(f"All of it keeps running. To look at it: {look}\n{_REMOVE}")


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
        report.say(f"{delivery.path}: {alone}; {delivery.requests}")
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
