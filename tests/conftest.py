"""How the tests are shared out between processes, and the figures that they end with.

An end-to-end folder stays whole in one process, with its stand-ins.
"""

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler.loadscope import LoadScopeScheduling

LONGEST = (
    "e2e/newcomer",
    "e2e/push",
    "e2e/github",
    "e2e/azure",
    "e2e/gitops",
    "e2e/chaos",
    "e2e/adopt",
)  # begun first, so that no process is left alone with one
FIGURE = "figure"  # the property under which a test reports one; it reaches the summary from any process

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


def share(nodeid: str) -> str:
    """``tests/e2e/push/test_lock.py::test_x`` -> ``e2e/push``; of a unit test, its file."""
    parts = nodeid.partition("::")[0].split("/")
    return "/".join(parts[1:3]) if parts[1] == "e2e" else "/".join(parts)


class ByFolder(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return share(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> ByFolder:
    return ByFolder(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        folder = share(item.nodeid)
        return LONGEST.index(folder) if folder in LONGEST else len(LONGEST)

    items.sort(key=rank)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The last figure that each file has reported."""
    reports = [
        report for kind in ("passed", "failed", "xfailed") for report in terminalreporter.getreports(kind)
    ]
    reports.sort(key=lambda report: report.start)
    figures = {
        report.location[0]: text
        for report in reports
        for name, text in report.user_properties
        if name == FIGURE
    }
    for text in figures.values():
        terminalreporter.write_line(text)
