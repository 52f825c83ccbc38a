"""What a machine reads: objects with all their facts, and moments in RFC 3339."""

import json
from dataclasses import dataclass, field

import pytest

from aks_flow.core.image_ref import ImageRef
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
        "steps": [
            {
                "name": "apply",
                "started": "2026-01-31T12:00:00.250Z",
                "seconds": 1.5,
                "note": "",
                "failed": False,
            }
        ],
        "seconds": 2.5,
    }


def test_it_is_utc_wherever_one_is(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    assert rfc3339(0.0) == "1970-01-01T00:00:00.000Z"


@dataclass(frozen=True)
class Outcome:
    status: str
    image: ImageRef

    def __str__(self) -> str:
        return f"it is {self.status}"


IMAGE = "r.example/front:1.2.3"
DONE = Outcome("done", ImageRef.parse(IMAGE))
FACTS = {"status": "done", "image": IMAGE}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(DONE, FACTS), ([DONE], [FACTS]), ({"outcome": DONE}, {"outcome": "it is done"})],
    ids=["itself", "a list", "inside"],
)
def test_what_a_document_is_about_is_an_object_though_it_has_a_text_for_people(capsys, value, expected):
    document(value)
    assert json.loads(capsys.readouterr().out) == expected
