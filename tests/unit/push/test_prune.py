"""What has left the manifests: named by the plan, gone after the proof, and never what somebody needs."""

import json
from dataclasses import replace

import pytest

from aks_flow.core.command import Result
from aks_flow.core.runner import CommandFailed
from aks_flow.manifests.sync_waves import SYNC_OPTIONS as OPTIONS
from aks_flow.manifests.sync_waves import UNPRUNED_KINDS
from aks_flow.push.deliver import roll_out
from aks_flow.push.history.generated import is_generated
from aks_flow.push.history.history import History
from aks_flow.push.plan import Leftovers
from aks_flow.push.prune import earlier, leftovers, read
from aks_flow.report.push import show_outcome, show_plan
from aks_flow.rollout import app_version
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.tools.kubectl import resources
from aks_flow.tools.kubectl.apply import LAST_APPLIED
from tests.unit.push.revisions import entry
from tests.unit.push.test_roll_out import (
    BEHIND,
    CONCLUDE,
    GOOD,
    KUBECTL,
    PRESENT,
    REQUEST,
    SEE,
    VERSION,
    delivery,
    plan,
    told,
)

REMOVE = f"{KUBECTL} delete deployment.apps/old --ignore-not-found --wait=false"


def item(name: str, kind: str = "Deployment", api: str = "apps/v1", **spec) -> dict:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name}, "spec": spec}


def live(item: dict, applied: dict | None = None, **annotations: str) -> dict:
    """As the server has it. applied: what kubectl applied last, if that is not the item itself."""
    note = json.dumps(applied or item)
    return {**item, "metadata": {**item["metadata"], "annotations": {LAST_APPLIED: note} | annotations}}


def past(*manifests: list[dict]) -> History:
    return History(
        "dev", tuple(entry(number, resources.documents(items)) for number, items in enumerate(manifests, 1))
    )


OLD, WEB = item("old", replicas=1), item("web")
CONFIG, OTHER = item("front-5h2m9kbb7c", "ConfigMap", "v1"), item("front-config", "ConfigMap", "v1")


def test_what_any_kept_revision_has_and_the_manifests_have_not_was_earlier():
    history = past([OLD, WEB], [item("old", replicas=2), WEB], [WEB])
    assert earlier(history, {"deployment.apps/web"}) == {"deployment.apps/old": item("old", replicas=2)}


def test_what_kustomize_generated_is_kept_for_the_revisions_that_have_it():
    assert earlier(past([CONFIG, OTHER]), set()) == {"configmap/front-config": OTHER}


@pytest.mark.parametrize(
    ("name", "generated"),
    [
        ("configmap/front-5h2m9kbb7c", True),
        ("secret/tls-m9t4bcdfgh", True),
        ("configmap/front-production", False),
        ("configmap/front", False),
        ("deployment.apps/front-5h2m9kbb7c", False),
    ],
)
def test_a_generated_name_has_ten_characters_of_a_hash(name, generated):
    assert is_generated(name) == generated


def kept(**annotations: str) -> dict:
    return live(OLD, None, **annotations)


ENDING = {**live(OLD), "metadata": {**live(OLD)["metadata"], "deletionTimestamp": "now"}}
LEFT = {
    "it goes": (live(OLD), ""),
    "another option": (kept(**{OPTIONS: "Replace=true"}), ""),
    "it says that it stays": (
        kept(**{OPTIONS: "Replace=true, Prune=false"}),
        "its annotation says Prune=false",
    ),
    "a person is to agree": (kept(**{OPTIONS: "Prune=confirm"}), "its annotation says Prune=confirm"),
    "another project has it now": (live(OLD, item("old", replicas=9)), "somebody else has applied it since"),
    "another tool has it now": (OLD, "somebody else has applied it since"),
    "it ran as a hook": (
        {**OLD, "metadata": {**OLD["metadata"], "annotations": {"argocd.argoproj.io/hook": "PreSync"}}},
        "it ran as a hook",
    ),
    "it is going": (ENDING, "it is being deleted"),
}


@pytest.mark.parametrize(("there", "why"), LEFT.values(), ids=LEFT)
def test_what_is_left_over_goes_unless_there_is_a_reason(there, why):
    seen = leftovers({"deployment.apps/old": OLD}, [there], keep=False)
    name = "deployment.apps/old"
    assert seen == (Leftovers(kept=(f"{name} ({why})",)) if why else Leftovers((name,)))


HOLDS_DATA = {  # kind -> its API, and how kubectl names it
    "CustomResourceDefinition": ("apiextensions.k8s.io/v1", "customresourcedefinition.apiextensions.k8s.io"),
    "Namespace": ("v1", "namespace"),
    "PersistentVolume": ("v1", "persistentvolume"),
    "PersistentVolumeClaim": ("v1", "persistentvolumeclaim"),
    "StatefulSet": ("apps/v1", "statefulset.apps"),
}


def test_a_push_leaves_the_kinds_that_a_commit_leaves():
    assert tuple(HOLDS_DATA) == UNPRUNED_KINDS


@pytest.mark.parametrize(("kind", "api", "name"), [(kind, *names) for kind, names in HOLDS_DATA.items()])
def test_what_holds_data_or_objects_of_others_stays(kind, api, name):
    data = item("data", kind, api)
    seen = leftovers({f"{name}/data": data}, [live(data)], keep=False)
    assert seen == Leftovers(kept=(f"{name}/data (it holds data or objects of others)",))


@pytest.mark.parametrize(
    ("kind", "api", "name", "goes"),
    [
        ("StatefulSet", "apps/v1", "statefulset.apps/data", True),
        ("PersistentVolumeClaim", "v1", "persistentvolumeclaim/data", False),
        ("Namespace", "v1", "namespace/data", False),
    ],
)
def test_of_these_only_a_stateful_set_goes_if_it_says_so_itself(kind, api, name, goes):
    data = item("data", kind, api)
    seen = leftovers({name: data}, [live(data, None, **{OPTIONS: "Replace=true,Prune=true"})], keep=False)
    assert seen.removed == ((name,) if goes else ())


def test_a_switch_keeps_everything_and_says_so(config):
    context = delivery(replace(config, removed="keep"), {PRESENT: json.dumps(live(OLD))})
    assert read(context, past([OLD]), []).kept == ("deployment.apps/old (the configuration keeps it)",)


class Server:
    """One that refuses all objects of a text for a kind that it does not know."""

    def run(self, command):
        if "Widget" in command.stdin:
            raise CommandFailed(command, Result(1, b"", b'no matches for kind "Widget"'))
        return Result(0, json.dumps(live(OLD)).encode(), b"")


def test_a_kind_that_the_cluster_no_longer_has_is_left_out(config):
    context = replace(delivery(config, {}), run=Server())
    history = past([OLD, item("w", "Widget", "example.com/v1")])
    assert read(context, history, []).removed == ("deployment.apps/old",)


def with_leftover(**more):
    left = Leftovers(("deployment.apps/old",), ("pvc/data (it holds data)",))
    return plan(**more, leftovers=left)


def test_it_goes_after_the_proof_and_the_outcome_says_so(config, capsys):
    context = delivery(config, GOOD | {REMOVE: ""})
    outcome = roll_out(context, REQUEST, with_leftover())
    assert outcome.removed == ("deployment.apps/old",) and outcome.kept == ("pvc/data (it holds data)",)
    lines = context.run.lines
    assert lines.index(SEE) < lines.index(REMOVE) < lines.index(CONCLUDE)
    assert lines.index(VERSION) < lines.index(REMOVE)
    show_outcome(outcome, [], as_json=False)
    assert "; removed: deployment.apps/old; kept: pvc/data (it holds data)" in capsys.readouterr().out


def test_nothing_goes_with_a_bad_version(config, monkeypatch):
    monkeypatch.setattr(app_version, "WITHIN", 0.1)
    with pytest.raises(BadVerdict):
        roll_out(delivery(config, GOOD | BEHIND | {VERSION: told("1.4.0")}), REQUEST, with_leftover())


def test_what_cannot_be_deleted_leaves_the_version_good_and_is_said(config):
    refused = Result(1, b"", b"Error from server (Forbidden): deployments.apps is forbidden")
    outcome = roll_out(delivery(config, GOOD | {REMOVE: refused}), REQUEST, with_leftover())
    assert outcome.changed and outcome.removed == ()
    assert outcome.kept[1].startswith("deployment.apps/old (not deleted: ") and "forbidden" in outcome.kept[1]


def test_a_plan_that_only_removes_is_not_empty_and_says_what(capsys):
    only = with_leftover(diff="")
    assert not only.changes.empty
    show_plan(only, as_json=False)
    assert "; removed after that: deployment.apps/old; kept: pvc/data" in capsys.readouterr().out


def test_a_plan_is_an_object_to_a_machine_without_its_manifest(capsys):
    show_plan(with_leftover(diff="+ a line"), as_json=True)
    plan = json.loads(capsys.readouterr().out)
    assert plan["leftovers"] == {"removed": ["deployment.apps/old"], "kept": ["pvc/data (it holds data)"]}
    assert (plan["empty"], plan["diff"], "manifest" in plan) == (False, "+ a line", False)


def test_a_machine_gets_nothing_of_the_objects_and_revisions_that_a_plan_was_made_from(capsys):
    """They hold Secrets, and a job's log keeps what is printed."""
    stored = {"kind": "Secret", "metadata": {"name": "db"}, "data": {"password": "aHVudGVyMg=="}}
    made = with_leftover(diff="+ a line", live=(stored,), history=past([OLD]))
    show_plan(made, as_json=True)
    printed = capsys.readouterr().out
    assert "aHVudGVyMg==" not in printed and made.basis.history.last.packed not in printed
