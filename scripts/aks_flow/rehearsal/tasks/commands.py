"""What the rehearsal's tasks do, one function a task."""

from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins import stack
from aks_flow.report import report


def up(config: Config) -> None:
    stack.up(Local(), config, report.steps(), report.note)
    report.say(stack.kubectl_line(config))


def down(config: Config) -> None:
    stack.down(Local(), config, report.steps())


def status(config: Config, as_json: bool) -> None:
    parts = stack.status(Local(), config)
    if as_json:
        return report.document(parts)
    rows = [[part.name, part.state, part.address, part.log] for part in parts]
    return report.table("rehearsal", ["stand-in", "state", "address", "log"], rows)


def logs(config: Config, name: str, lines: int) -> None:
    logs = {part.name: part.log for part in stack.status(Local(), config)}
    if name not in logs:
        raise AksFlowError(f"there is no stand-in {name!r}", next_step=f"Choose one of: {', '.join(logs)}.")
    text = logs[name].read_text(errors="replace") if logs[name].is_file() else ""
    report.say("\n".join(text.splitlines()[-lines:]) or f"{logs[name]} is empty")


def story(gitflow: bool, azure: bool) -> str:
    """Which story the flags ask for; AksFlowError if that is two."""
    if gitflow and azure:
        raise AksFlowError("--gitflow and --azure are two stories", next_step="Choose one of them.")
    return "gitflow" if gitflow else "azure" if azure else "plain"


def rehearse(config: Config, which: str, as_json: bool) -> None:
    from aks_flow.rehearsal.scenarios import gitflow, push_and_pull
    from aks_flow.rehearsal.scenarios.push_and_pull import azure

    with stack.turn(config, report.note):
        {"gitflow": gitflow, "azure": azure, "plain": push_and_pull}[which].tell(config, as_json)


def bench(config: Config, runs: int, as_json: bool) -> None:
    from aks_flow.rehearsal.scenarios import bench

    with stack.turn(config, report.note):
        bench.run(config, runs, as_json)


def drill(config: Config, name: str, as_json: bool) -> None:
    from aks_flow.rehearsal.scenarios import drills

    with stack.turn(config, report.note):
        drills.run(config, name, as_json)
