"""What a plan is read from, beside the manifests."""

from dataclasses import replace

import pytest

from aks_flow.core.command import Result
from aks_flow.core.config.load import load
from aks_flow.core.errors import AksFlowError
from aks_flow.core.wait import DeadlineError
from aks_flow.gitflow.supersede import Delivered
from aks_flow.push import namespace_end, newer_version
from aks_flow.push.artifacts import Artifacts
from aks_flow.push.planning import _secrets
from aks_flow.push.prefetch import Present, look, marks_of_new
from aks_flow.push.request import PushRequest
from aks_flow.tools.kubectl import Kubectl, get
from tests.unit.push.test_deliver import BY_NAME, COMMIT, NOW, SOURCE
from tests.unit.push.test_roll_out import IMAGE, KUBECTL, LACK, delivery, plan

TWINS = ("deployment/front-canary", "deployment/front-baseline", "deployment/front-green")
NAMES = ("namespace/vote-dev", "lease/aks-flow-delivery", "secret/redis-auth", *TWINS)
CLUSTER = Kubectl(context="rehearsal", namespace="vote-dev")
GET = str(get.existing_in_detail(CLUSTER, *NAMES))
NAMESPACE = "Namespace\tvote-dev\t7\t\t\t\n"


@pytest.mark.parametrize(
    ("answer", "busy", "lock"),
    [
        ("", False, ""),
        (NAMESPACE, False, ""),
        (NAMESPACE + "Lease\taks-flow-delivery\t9\t\t\t\n", False, "9"),
        (NAMESPACE + "Lease\taks-flow-delivery\t9\t1f2e\t\t\n", True, "9"),
        (NAMESPACE + "Deployment\tfront-green\t4\t\t\t\n", True, ""),
    ],
    ids=["nothing", "never locked", "free", "held", "a green beside it"],
)
def test_somebody_is_at_it_who_holds_the_lock_or_left_a_version_beside_the_app(config, answer, busy, lock):
    present = look(delivery(config, {GET: answer}), "dev")
    assert (present.namespace, present.busy, present.lock) == (bool(answer), busy, lock)


def test_the_keys_of_the_secrets_that_are_there_are_seen(config):
    answer = NAMESPACE + "Secret\tredis-auth\t5\t\t\tpassword user \n"
    present = look(delivery(config, {GET: answer}), "dev")
    assert present.secrets == {"redis-auth": {"password", "user"}}


@pytest.mark.parametrize("vault", ["", "kv-vote"])
def test_for_a_new_namespace_a_password_is_made_but_not_a_vault_s(config, monkeypatch, vault):
    monkeypatch.setattr(type(config), "vault", vault)
    made = _secrets(delivery(config, {}), "dev", Present(False, {}, False, ""))
    assert made == (() if vault else (LACK,))


def test_a_secret_that_others_make_is_refused_at_plan(settings, tmp_path):
    settings["secrets"] = {"mail": {"keys": ["token"], "from": "existing"}}
    context = delivery(load(settings, tmp_path), {})
    missing = r"secrets: vote-dev lacks secret/mail. Type `kubectl .* create secret generic mail"
    with pytest.raises(AksFlowError, match=missing):
        _secrets(context, "dev", Present(True, {}, False, ""))
    assert _secrets(context, "dev", Present(True, {"mail": frozenset({"token"})}, False, "")) == ()


def test_a_namespace_that_is_going_counts_as_none_and_is_waited_for(config):
    going = "Namespace\tvote-dev\t7\t\t2026-01-01T00:00:00Z\t\n"
    inside = "Lease\taks-flow-delivery\t9\t1f2e\t\t\nSecret\tredis-auth\t5\t\t\tpassword user \n"
    present = look(delivery(config, {GET: going + inside}), "dev")
    assert present == Present(False, {}, busy=False, lock="", ending=True)
    assert "its namespace is being deleted" in str(plan(new_namespace=True, ending=True))


def test_a_delivery_waits_for_the_end_of_its_namespace_and_says_so(config, monkeypatch):
    monkeypatch.setattr(namespace_end, "PAUSE", 0)
    answers = ["namespace/vote-dev\n", "namespace/vote-dev\n", ""]

    class Server:
        def run(self, command):
            return Result(0, answers.pop(0).encode(), b"")

    context = replace(delivery(config, {}), run=Server())
    namespace_end.wait_for_end(context, plan(ending=True))
    assert not answers and context.steps.done[0].note == "namespace/vote-dev is gone, and is made anew"
    namespace_end.wait_for_end(context, plan())


def test_a_namespace_that_stays_is_named_with_where_to_look(config, monkeypatch):
    monkeypatch.setattr(namespace_end, "PAUSE", 0)
    name = f"{KUBECTL} get namespace/vote-dev --ignore-not-found --output=name"
    short = replace(config, lock=replace(config.lock, wait=0))
    with pytest.raises(DeadlineError, match="the end of namespace/vote-dev .*kubectl get namespace"):
        namespace_end.wait_for_end(delivery(short, {name: "namespace/vote-dev"}), plan(ending=True))


def test_marks_name_the_commit_only_if_the_image_is_of_it():
    artifacts = Artifacts(SOURCE, IMAGE, {})
    assert marks_of_new(NOW, artifacts) == newer_version.marks(Delivered(COMMIT, IMAGE.tag))
    assert marks_of_new(BY_NAME, artifacts) == newer_version.marks(Delivered("", IMAGE.tag))


def test_a_digest_without_its_version_is_refused():
    with pytest.raises(AksFlowError, match="a digest needs its version. Give --version too"):
        PushRequest("dev", digest=IMAGE.digest)
