"""What a nightly look says about an environment that Argo CD delivers to."""

import pytest

from aks_flow.gitops.drift import FORGOTTEN, findings
from aks_flow.gitops.status import NONE, UNKNOWN, EnvironmentRow

NOW = 1_800_000_000.0
DAY = 86_400


def row(**instead: str) -> EnvironmentRow:
    sound = {"wanted": "1.5.0", "synced": "1.5.0 (Synced)", "running": "1.5.0", "newest": "1.5.0"}
    return EnvironmentRow("dev", **{**sound, "health": "Healthy", "drift": NONE, "hold": NONE, **instead})


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (row(), []),
        (row(wanted=NONE, running=NONE, drift=UNKNOWN), []),
        (row(running="1.4.0"), ["dev runs 1.4.0, and its branch says 1.5.0"]),
        (row(running=UNKNOWN), ["dev: Argo CD says nothing about it"]),
        (row(drift="Deployment/front"), ["dev differs from its branch: Deployment/front"]),
    ],
)
def test_each_difference_is_a_sentence(seen, words):
    assert findings(seen, {}, NOW) == words


def test_a_hold_is_forgotten_after_a_week():
    held, limit = row(hold="an outage"), int(NOW - FORGOTTEN.total_seconds())
    assert findings(held, {"dev": limit}, NOW) == []
    (found,) = findings(held, {"dev": limit - DAY}, NOW)
    assert found.startswith("dev is held for 8 days: an outage") and "gitops.release-hold --env dev" in found
