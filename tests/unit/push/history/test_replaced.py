"""What came back into the manifests with a bad version: it is put back as it was, or named."""

import json

import pytest

from aks_flow.push.fields.applied import configuration
from aks_flow.push.history import revision
from aks_flow.push.history.auto_rollback import roll_back
from aks_flow.push.history.history import History
from aks_flow.push.history.replaced import before_change, left_over, to_put_back
from aks_flow.rollout.watch.failure import BadVerdict, RolloutFinding
from aks_flow.tools.kubectl.apply import LAST_APPLIED
from tests.unit.push.revisions import CONCLUDED, entry, kept
from tests.unit.push.test_roll_out import (
    APPLY,
    DELIVERED,
    GOOD,
    HISTORY,
    KUBECTL,
    MANIFEST,
    VERSION,
    delivery,
    plan,
    told,
)


def item(kind: str, name: str, **spec) -> dict:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def live(wanted: dict, applied: dict | None = None, **status) -> dict:
    """As a server has it. applied: what kubectl applied last, None for an object that it did not."""
    annotations = {"mine": "yes"} | ({LAST_APPLIED: json.dumps(applied)} if applied else {})
    own = {
        "uid": "u",
        "resourceVersion": "7",
        "creationTimestamp": "then",
        "managedFields": [],
        "generation": 2,
    }
    metadata = wanted["metadata"] | {"annotations": annotations} | own
    return {**wanted, "metadata": metadata, "status": status}


OLD, NEW = item("Service", "extra", ports=[1]), item("Service", "extra", ports=[2])
DATA, SPACE = item("PersistentVolumeClaim", "data"), item("Namespace", "shop")


def past(*later, good: str = json.dumps(SPACE)) -> History:
    """A good revision, and what came after it: (manifest, created, replaced)."""
    packed = [
        entry(number, manifest, "crash-loop", created=created, replaced=replaced)
        for number, (manifest, created, replaced) in enumerate(later, 2)
    ]
    return History("dev", (entry(1, good), *packed))


def test_what_no_good_revision_has_is_kept_as_it_was_applied_before():
    there = [live(SPACE), live(OLD, applied=OLD)]
    assert before_change(there, entry(1, json.dumps(SPACE))) == [OLD]


def test_what_was_made_by_hand_is_kept_without_what_is_the_servers():
    made = {**OLD, "metadata": {"name": "extra", "annotations": {"mine": "yes"}}}
    assert configuration(live(OLD, ready=True)) == made


def test_without_a_way_back_nothing_needs_to_be_kept():
    assert before_change([live(OLD)], None) == []


BACK = {
    "it came back": (past(("x: 1", (), [OLD])), [OLD], []),
    "twice: the first time counts": (past(("x: 1", (), [OLD]), ("x: 2", (), [NEW])), [OLD], []),
    "it was made by the first and changed by the second": (
        past(("x: 1", ("service/extra",), []), ("x: 2", (), [NEW])),
        [],
        [],
    ),
    "the revision gone back to has it": (past(("x: 1", (), [OLD]), good=json.dumps(OLD)), [], []),
    "it holds data": (
        past(("x: 1", ("persistentvolumeclaim/new",), [DATA])),
        [],
        ["persistentvolumeclaim/data"],
    ),
}


@pytest.mark.parametrize(("history", "put_back", "left"), BACK.values(), ids=BACK)
def test_what_later_deliveries_changed_is_as_it_was_before_the_first_of_them(history, put_back, left):
    good = history.revisions[0]
    assert to_put_back(history, good) == put_back
    assert [name for name in left_over(history, good) if name in left] == left


def test_a_revision_survives_its_secret_with_what_it_replaced():
    written = entry(2, "x", replaced=[OLD])
    assert revision.parse(kept(written)) == written and written.replaced == [OLD]


def test_what_does_not_fit_beside_the_manifest_is_not_kept(monkeypatch):
    packed = revision.pack("x" * 50)
    monkeypatch.setattr(revision, "LARGEST", len(packed))
    assert revision.pack("x" * 50) and not revision.pack("y" * 50, packed)


def test_a_way_back_puts_back_and_says_so(config):
    mark = f"{KUBECTL} annotate secret aks-flow.revision.{{}} aks-flow/verdict={{}} {CONCLUDED} --overwrite"
    answers = {mark.format(number, verdict): "" for number, verdict in ((2, "crash-loop"), (3, "good"))}
    history = past((MANIFEST, (), [OLD, DATA]), good=MANIFEST.replace("app: web", "app: web, was: good"))
    put_back = f"{DELIVERED} --filename=-"
    served = told(history.last.image.tag)
    context = delivery(config, GOOD | answers | {put_back: "", VERSION: served, HISTORY: ""})
    bad = BadVerdict("dev", (RolloutFinding("crash-loop", "deployment/web", "3 times"),))
    after = roll_back(context, plan(), history, bad, undo=True)
    assert after.undone.status == "restored"
    assert "which runs; as it was before: service/extra; left as it is: persist" in after.undone.text
    [sent] = [command.stdin for command in context.run.ran if str(command) == put_back]
    assert json.loads(sent.removeprefix("---\n")) == OLD
    assert context.run.lines.index(APPLY) < context.run.lines.index(put_back)
