"""What happened when in a release cycle, for a person. Pure."""

from aks_flow.rehearsal.scenarios.gitflow.release_cycle import BranchPush, CycleResult

COLUMNS = ["seconds", "what", "run", "took", "runs now", "digest"]


def sentence(cycle: CycleResult) -> str:
    last = cycle.pushes[-1].environment
    merged = " (merged by pull requests)" if cycle.requests else ""
    return (
        f"{cycle.mode}{merged}: {cycle.version} is in {last} after {cycle.seconds:.1f} s, with the digest "
        f"of its candidate ({cycle.final.digest[:19]}) and {cycle.builds} builds on the final merge"
    )


def rows(cycle: CycleResult) -> list[list[str]]:
    """A row of COLUMNS for each push, then one for each run that it started, by the end."""
    begun = cycle.pushes[0].at
    return [row for push in cycle.pushes for row in _rows(push, begun)]


def _rows(push: BranchPush, begun: float) -> list[list[str]]:
    result = [[_after(push.at, begun), f"{push.branch} pushed", "", "", "", ""]]
    runs = sorted(push.runs, key=lambda run: run.ended)
    for run in runs:
        delivered = ["", ""]
        if run is runs[-1] and push.image:
            delivered = [f"{push.environment}: {push.image.tag}", push.image.digest[:19]]
        name = f"{run.workflow.rpartition('/')[2]} on {run.event.branch}: {run.state}"
        result.append([_after(run.ended, begun), name, str(run.number), f"{run.seconds:.1f} s", *delivered])
    return result


def _after(moment: float, begun: float) -> str:
    return f"{moment - begun:.1f}"
