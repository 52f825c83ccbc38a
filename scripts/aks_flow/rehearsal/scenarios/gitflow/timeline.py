"""What happened when, for a person."""

from aks_flow import report
from aks_flow.rehearsal.scenarios.gitflow.journey import Arrived

_COLUMNS = ["seconds", "what", "run", "took", "runs now", "digest"]


def show(arrived: Arrived) -> None:
    report.table(f"{arrived.version} by {arrived.mode}", _COLUMNS, rows(arrived))
    digest = arrived.image("production").digest[:19]
    report.say(
        f"{arrived.mode}: {arrived.version} is in production after {arrived.seconds:.1f} s, with the digest "
        f"that staging ran ({digest}) and {arrived.builds} builds on the final merge"
    )


def rows(arrived: Arrived) -> list[list[str]]:
    """A row for each push, then one for each run that it started, by the end."""
    begun, found = arrived.arrivals[0].at, []
    for arrival in arrived.arrivals:
        found.append([_after(arrival.at, begun), f"{arrival.what} pushed", "", "", "", ""])
        last = max(arrival.runs, key=lambda run: run.ended)
        for run in sorted(arrival.runs, key=lambda run: run.ended):
            place = ["", ""]
            if run is last and arrival.image:
                place = [f"{arrival.environment}: {arrival.image.tag}", arrival.image.digest[:19]]
            name = f"{run.workflow.rpartition('/')[2]} on {run.event.branch}: {run.state}"
            found.append([_after(run.ended, begun), name, str(run.number), f"{run.seconds:.1f} s", *place])
    return found


def _after(moment: float, begun: float) -> str:
    return f"{moment - begun:.1f}"
