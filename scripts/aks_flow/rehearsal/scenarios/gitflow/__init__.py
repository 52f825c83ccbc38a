"""`rehearse --gitflow`: a feature's way to production through the workflow files, by push and then by pull.

`team` is the clone that a developer would have, `journey` takes one feature through GitFlow's branches,
`timeline` shows what happened when.
"""

from aks_flow import report
from aks_flow.core.config import Config
from aks_flow.rehearsal.scenarios import push_and_pull
from aks_flow.rehearsal.scenarios.gitflow import modes, team, timeline
from aks_flow.rehearsal.scenarios.gitflow.journey import Journey
from aks_flow.rehearsal.standins import stack
from aks_flow.rehearsal.standins.github import process


def tell(config: Config, as_json: bool) -> None:
    """Both journeys; AksFlowError with the failed run's evidence if one does not arrive."""
    chapter = push_and_pull.silent if as_json else report.heading
    chapter("The stand-ins")
    context = push_and_pull.prepare(config, report.steps(as_json))
    hub = process.hub(context.run, config)
    journeys = []
    for mode in (modes.PUSH, modes.PULL):
        chapter(f"GitFlow, delivered by {mode}: feature → develop → release → main")
        repo = team.clone(context, hub)
        modes.switch(context, hub, repo, mode)
        journeys.append(Journey(context, hub, repo, mode).go())
    if as_json:
        return report.document(journeys)
    for journey in journeys:
        timeline.show(journey)
    report.heading("the branches")
    report.say(team.graph(context, repo))
    return chapter(
        "All of it goes on running. Look: ./inv rehearsal.runs, ./inv rehearsal.run N, "
        f"{stack.kubectl_line(config)}\nRemove it: ./inv rehearsal.down"
    )
