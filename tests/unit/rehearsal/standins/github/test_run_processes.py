"""A run's processes, with real ones: those too that have a session of their own."""

from aks_flow.core import wait
from aks_flow.core.command import command
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.github import run_processes

STEP = command("sh", "-c", "setsid sleep 60 & exec sleep 60")


def test_all_processes_of_a_run_end_and_no_other(tmp_path):
    mine, other = tmp_path / "1", tmp_path / "12"
    for folder in (mine, other):
        folder.mkdir()
        Local().start(STEP.with_env(**run_processes.mark(folder)), folder / "log")
        assert wait.until(lambda folder=folder: len(run_processes.marked(folder)) == 2, "both processes", 30)
    assert run_processes.end(mine)
    assert not run_processes.marked(mine) and not run_processes.end(mine)
    assert len(run_processes.marked(other)) == 2
    assert run_processes.end(other)
