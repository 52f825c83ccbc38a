"""Which previews are to go: of closed pull requests, and those whose last delivery is too long ago."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aks_flow.preview import clean
from aks_flow.preview.clean import Preview
from tests.unit.preview.test_up_and_down import preview_context, request
from tests.unit.push.revisions import entry, kept

NOW = datetime(2026, 1, 10, 12, 0, 1, tzinfo=UTC)
BASE = "kubectl --context=rehearsal"
NAMESPACES = f"{BASE} get namespaces --output=json"
HISTORY = (
    f"{BASE} --namespace=vote-preview-{{}} get secrets --output=json "
    "--selector=app.kubernetes.io/managed-by=aks-flow,app.kubernetes.io/component=history"
)


def namespaces(*names: str, born: str = "2026-01-10T11:00:00Z", **more: str) -> str:
    items = [{"metadata": {"name": name, "creationTimestamp": born, **more}} for name in names]
    return json.dumps({"kind": "List", "items": items})


def history(*moments: str) -> str:
    items = [
        kept(replace(entry(number, "kind: Namespace"), when=when)) for number, when in enumerate(moments, 1)
    ]
    return json.dumps({"kind": "List", "items": items})


def show(number: int) -> str:
    return f"gh api 'repos/{{owner}}/{{repo}}/pulls/{number}'"


def present(settings, tmp_path, answers) -> list[Preview]:
    return clean.read(preview_context(settings, tmp_path, answers), NOW, None)


CASES = {
    "a fresh one": ({}, history("2026-01-10T11:30:00Z"), ""),
    "one of a closed request": ({"state": "closed"}, history(), "pull request 3 is closed"),
    "one of a merged request": (
        {"state": "closed", "merged_at": "2026-01-10T11:00:00Z"},
        history(),
        "pull request 3 is merged",
    ),
    "an old one": ({}, history("2026-01-07T12:00:00Z"), "its last delivery is older than 72 hours"),
    "an old one with a newer delivery": ({}, history("2026-01-07T12:00:00Z", "2026-01-07T12:00:02Z"), ""),
    "one that was never delivered": ({}, history(), "its last delivery is older than 72 hours"),
}


@pytest.mark.parametrize(("differs", "past", "why"), CASES.values(), ids=CASES)
def test_a_preview_goes_with_its_request_or_when_it_is_old(settings, tmp_path, differs, past, why):
    answers = {
        NAMESPACES: namespaces("vote-preview-3", born="2026-01-07T12:00:00Z"),
        show(3): request(number=3, **differs),
        HISTORY.format(3): past,
    }
    assert present(settings, tmp_path, answers) == [Preview(3, why)]


def test_one_that_never_got_a_delivery_is_as_old_as_its_namespace(settings, tmp_path):
    answers = {
        NAMESPACES: namespaces("vote-preview-3", born="2026-01-01T00:00:00Z"),
        show(3): request(number=3),
        HISTORY.format(3): history(),
    }
    [preview] = present(settings, tmp_path, answers)
    assert "older" in preview.why


def test_nothing_else_in_the_cluster_is_a_preview(settings, tmp_path):
    """Neither another namespace, whatever it is called, nor one that is going already."""
    others = namespaces(
        "vote-dev", "default", "vote-preview", "vote-preview-x", "vote-preview-3-db", "preview-3"
    )
    going = namespaces("vote-preview-4", deletionTimestamp="2026-01-10T11:59:00Z")
    both = {"kind": "List", "items": [*json.loads(others)["items"], *json.loads(going)["items"]]}
    assert present(settings, tmp_path, {NAMESPACES: json.dumps(both)}) == []
