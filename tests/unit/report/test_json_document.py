"""A machine reads moments in RFC 3339, wherever they stand in a document."""

import json
from dataclasses import dataclass, field

from aks_flow.core.moment import MOMENT, rfc3339
from aks_flow.core.steps import Step
from aks_flow.report.json_document import document

NOON = 1_769_860_800.25


@dataclass(frozen=True)
class Told:
    at: float = field(metadata=MOMENT)
    ends: dict[str, float] = field(metadata=MOMENT)
    steps: list[Step]
    seconds: float = 2.5


def test_a_moment_is_in_rfc_3339_and_a_number_of_seconds_a_number(capsys):
    document(Told(0, {"build": NOON}, [Step("apply", NOON, 1.5)]))
    assert json.loads(capsys.readouterr().out) == {
        "at": None,
        "ends": {"build": "2026-01-31T12:00:00.250Z"},
        "steps": [{"name": "apply", "started": "2026-01-31T12:00:00.250Z", "seconds": 1.5, "note": ""}],
        "seconds": 2.5,
    }


def test_it_is_utc_wherever_one_is(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    assert rfc3339(0.0) == "1970-01-01T00:00:00.000Z"
