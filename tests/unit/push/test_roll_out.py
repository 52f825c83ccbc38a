"""The push path's decisions and commands, with the cluster's answers planned."""

import json

import pytest

from aks_flow.core.command import Result
from aks_flow.core.config.contract import Contract, ToldVersion
from aks_flow.core.config.sections import SmokeCheck
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.steps import Silent, Steps
from aks_flow.push.deliver import roll_out
from aks_flow.push.history.history import History
from aks_flow.push.no_op import confirm_unchanged
from aks_flow.push.plan import Leftovers, PlanBasis, PlannedChanges, PushPlan
from aks_flow.push.refusal import Refused
from aks_flow.push.request import PushRequest
from aks_flow.rollout import app_version
from aks_flow.rollout.namespace_secrets import SecretLack
from aks_flow.rollout.verdict.reasons import EXIT_CODES
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.target.delivery import DeliveryContext
from tests.unit.planned import DIGEST, Planned, Shelf, committed
from tests.unit.push.revisions import CONCLUDED, entry, kept
from tests.unit.rollout.verdict import objects

REQUEST = PushRequest("dev")
IMAGE = ImageRef("localhost:5050", "front", "1.5.0-alpha.2", DIGEST)
MANIFEST = """apiVersion: v1
kind: Namespace
metadata: {name: vote-dev}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: vote-dev}
spec: {template: {metadata: {labels: {app: web}}}}
"""
KUBECTL = "kubectl --context=rehearsal --namespace=vote-dev"
VERSION = f"{KUBECTL} get --raw=/api/v1/namespaces/vote-dev/services/http:front:http/proxy/version --v=6"
OK = b'"Response" status="200 OK"'
CONTRACT = Contract("front", "http", ToldVersion("/version", key="version"))
FRONT = {"kind": "Service", "metadata": {"name": "front"}}
SERVICE = FRONT | {
    "spec": {"ports": [{"port": 80, "nodePort": 30080}]},
    "status": {"loadBalancer": {"ingress": [{"ip": "127.0.0.1"}]}},
}
NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "vote-dev"}}
DELIVERED = f"{KUBECTL} apply --server-side --force-conflicts --field-manager=aks-flow"
VALIDATE = f"{DELIVERED} --dry-run=server --filename=- --output=name"
APPLY = f"{DELIVERED} --filename=- --output=json"
DELETE = f"{KUBECTL} delete namespace vote-dev --ignore-not-found --wait=false"
CREATE = f"{KUBECTL} create --filename=-"
SEE = f"{KUBECTL} get deployments.apps,replicasets.apps,pods,events --output=json"
HISTORY = (
    f"{KUBECTL} get secrets --output=json "
    "--selector=app.kubernetes.io/managed-by=aks-flow,app.kubernetes.io/component=history"
)
EVENTS = f"{KUBECTL} get events --output=json"
PRESENT = f"{KUBECTL} get --filename=- --ignore-not-found --output=json --show-managed-fields"
READY = f"{KUBECTL} get --raw=/api/v1/namespaces/vote-dev/services/http:front:http/proxy/readyz --v=6"
CONCLUDE = f"{KUBECTL} annotate secret aks-flow.revision.1 aks-flow/verdict=good {CONCLUDED} --overwrite"
TWINS = f"{KUBECTL} get deployments.apps --selector=aks-flow/track --output=json --show-managed-fields"
NO_TWINS = f"{KUBECTL} delete deployments.apps,services --selector=aks-flow/track --ignore-not-found"


def told(version: str) -> Result:
    """What the app answers, with what kubectl logs of it."""
    return Result(0, json.dumps({"version": version}).encode(), OK)


GOOD = {
    TWINS: "",
    NO_TWINS: "",
    HISTORY: '{"kind": "List", "items": []}',
    PRESENT: json.dumps(NAMESPACE),
    EVENTS: "",
    READY: Result(0, b"ok", OK),
    **{CONCLUDE.replace("=good", f"={verdict}"): "" for verdict in ("good", *EXIT_CODES)},
    VALIDATE: "",
    APPLY: json.dumps(
        {
            "kind": "List",
            "items": [{"kind": "Namespace", "metadata": {"name": "vote-dev"}}, objects.deployment()],
        }
    ),
    CREATE: "",
    SEE: json.dumps({"kind": "List", "items": objects.rolled_out()}),
    VERSION: told(IMAGE.tag),
    f"{KUBECTL} get service front --ignore-not-found --output=json": json.dumps(SERVICE),
}

PAST = History("dev", (entry(1, MANIFEST),))
PROVEN = {HISTORY: json.dumps({"kind": "List", "items": list(map(kept, PAST.revisions))})}


BEHIND = {
    f"{KUBECTL} get service front --output=json": json.dumps(FRONT | {"spec": {"selector": {"app": "web"}}}),
    f"{KUBECTL} get pods --output=json --selector=app=web": json.dumps(
        {
            "kind": "List",
            "items": [{"metadata": {"name": "web-1"}, "spec": {"containers": [{"image": str(IMAGE)}]}}],
        }
    ),
}


def delivery(config, answers, held=None):
    run = Planned(answers)
    return DeliveryContext(run, registry=Shelf(run, held), config=config, steps=Steps(Silent()))


LACK = SecretLack("redis-auth", ("password",))
NONE_LEFT = Leftovers()


def plan(diff="+image", new_namespace=False, secrets=(), leftovers=NONE_LEFT, **basis):
    asked = {"checks": (SmokeCheck("/readyz"),), "contract": CONTRACT}
    changes = PlannedChanges(diff, new_namespace, secrets, leftovers=leftovers)
    seen = {"live": () if new_namespace else (NAMESPACE,), "history": History("dev")} | basis
    return PushPlan("dev", "vote-dev", IMAGE, MANIFEST, **asked, changes=changes, basis=PlanBasis(**seen))


def test_what_the_diff_has_been_through_is_not_tried_again_and_nothing_read_again(config):
    context = delivery(config, GOOD)
    outcome = roll_out(context, REQUEST, plan())
    assert context.run.lines[:3] == [CREATE, APPLY, SEE]
    assert context.run.lines[-1] == CONCLUDE
    assert outcome.changed and outcome.url == "http://127.0.0.1"


SERVICE_FILE = "v1.Service.vote-dev.front"
LIVE_SERVICE = SERVICE | {
    "apiVersion": "v1",
    "metadata": {"name": "front", "namespace": "vote-dev", "generation": 1},
}


@pytest.mark.parametrize(
    ("live", "diff", "is_asked"),
    [
        (LIVE_SERVICE, "", False),
        (LIVE_SERVICE, f"diff -u -N /t/LIVE-1/{SERVICE_FILE} /t/MERGED-1/{SERVICE_FILE}\n+port\n", True),
        (LIVE_SERVICE, "another program's", True),
        (LIVE_SERVICE | {"status": {}}, "", True),
    ],
    ids=["it stays", "it changes", "unknown", "no address yet"],
)
def test_the_address_is_asked_for_unless_the_plan_saw_it_and_it_stays(config, live, diff, is_asked):
    context = delivery(config, GOOD | PROVEN)
    made = plan(diff, live=(NAMESPACE, live))
    assert roll_out(context, REQUEST, made).url == "http://127.0.0.1"
    assert (f"{KUBECTL} get service front --ignore-not-found --output=json" in context.run.lines) is is_asked


def test_an_empty_plan_applies_nothing_and_still_proves_what_is_served(config):
    context = delivery(config, GOOD | PROVEN)
    outcome = confirm_unchanged(context, plan(diff="", history=PAST), undo=True)
    assert {SEE, VERSION} <= set(context.run.lines)
    assert not {VALIDATE, APPLY, CREATE, CONCLUDE} & set(context.run.lines)
    assert not outcome.changed


def test_a_first_delivery_makes_the_password_before_the_rest(config):
    context = delivery(config, GOOD)
    roll_out(context, REQUEST, plan(new_namespace=True, secrets=(LACK,)))
    assert context.run.lines[:4] == [VALIDATE, CREATE, CREATE, APPLY]


def test_a_refused_first_delivery_takes_the_namespace_away_that_was_made_for_it(config):
    refused = Result(1, b"", b'The Deployment "front" is invalid')
    context = delivery(config, GOOD | {VALIDATE: refused, DELETE: ""})
    with pytest.raises(Refused):
        roll_out(context, REQUEST, plan(new_namespace=True))
    assert context.run.lines == [VALIDATE, DELETE]


def test_the_password_travels_by_standard_input_and_is_new_each_time(config):
    made = []
    for _ in range(2):
        context = delivery(config, GOOD)
        roll_out(context, REQUEST, plan(new_namespace=True, secrets=(LACK,)))
        made += [command.stdin for command in context.run.ran if str(command) == CREATE][:1]
        password = json.loads(made[-1].reveal())["stringData"]["password"]
        assert len(password) >= 24
        assert not any(password in line for line in context.run.lines)
        assert password not in repr(context.run.ran)
    assert made[0] != made[1]


def test_a_refusal_changes_nothing_and_keeps_the_server_s_words(config):
    words = b'The Deployment "front" is invalid: spec.selector: field is immutable'
    context = delivery(config, GOOD | {VALIDATE: Result(1, b"", words), DELETE: ""})
    with pytest.raises(Refused, match="refuses the manifests of dev, and nothing was changed:\n.*immutable"):
        roll_out(context, REQUEST, plan(new_namespace=True))
    assert context.run.lines == [VALIDATE, DELETE]


def test_a_service_whose_port_was_taken_is_reached_at_its_node_port(config):
    taken = {"ip": "127.0.0.1", "ports": [{"port": 80, "error": "PortTaken"}]}
    service = SERVICE | {"status": {"loadBalancer": {"ingress": [taken]}}}
    context = delivery(
        config, GOOD | {f"{KUBECTL} get service front --ignore-not-found --output=json": json.dumps(service)}
    )
    assert confirm_unchanged(context, plan(diff=""), undo=True, locked=True).url == "http://127.0.0.1:30080"


def test_an_old_version_that_keeps_answering_is_a_failure_that_says_where_to_look(config, monkeypatch):
    monkeypatch.setattr(app_version, "WITHIN", 0.1)
    old = r"GET /version through service/front port http: version 1.4.0 \(wanted 1.5.0-alpha.2\)"
    with pytest.raises(BadVerdict, match=old) as bad:
        roll_out(delivery(config, GOOD | BEHIND | {VERSION: told("1.4.0")}), REQUEST, plan())
    assert bad.value.reason == "smoke-failed" and bad.value.undone.status == "none"


def test_an_image_that_was_built_for_an_earlier_version_may_tell_that_one(config):
    answers = GOOD | BEHIND | {VERSION: told("1.5.0-alpha.1")}
    context = delivery(config, answers, {"front:1.5.0-alpha.1": DIGEST})
    assert roll_out(context, REQUEST, plan()).served["version"] == "1.5.0-alpha.1"


def test_a_commit_holds_no_way_out_of_the_folder(config, tmp_path):
    from aks_flow.gitflow.source import Source
    from aks_flow.gitflow.version import Version
    from aks_flow.manifests import render
    from aks_flow.manifests.render_request import RenderRequest

    origin = Source(tmp_path, "t" * 40, "c" * 40, "develop", Version(1, 0, 0), False)
    run = Planned(committed(tmp_path, f"{origin.tree}:manifests", {"../escaped": "x"}))
    with pytest.raises(AksFlowError):
        render.render(run, RenderRequest(origin.repo, origin.tree, config, "dev", {}))
