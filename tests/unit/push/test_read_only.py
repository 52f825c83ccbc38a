"""Who may only read gets a plan and a look at drift, and is told what was not validated and not read."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed
from aks_flow.push import drift, planning, prefetch, read_only
from aks_flow.push.comparison import compare
from aks_flow.push.fields import unvalidated
from aks_flow.push.history import revision
from aks_flow.push.lock import lease
from aks_flow.push.plan import PlanNotes
from aks_flow.tools.kubectl import diff, get
from aks_flow.tools.kubectl.apply import MANAGER
from tests.unit.push.test_deliver import NOW
from tests.unit.push.test_plan import CLUSTER, GET, NAMESPACE
from tests.unit.push.test_roll_out import delivery, plan

WHO = 'User "0f3a" cannot {verb} resource "{kind}" in API group "{group}" in the namespace "vote-dev"'
AZURE = ": User does not have access to the resource in Azure. Update role assignment to allow access."
FORBIDDEN = "Error from server (Forbidden): "
SECRETS = f"{FORBIDDEN}secrets is forbidden: {WHO.format(verb='list', kind='secrets', group='')}{AZURE}\n"
SECRET = SECRETS.replace("secrets is", 'secrets "redis-auth" is').replace("cannot list", "cannot get")
LEASE = (
    f'{FORBIDDEN}leases.coordination.k8s.io "aks-flow-delivery" is forbidden: '
    f"{WHO.format(verb='get', kind='leases', group='coordination.k8s.io')}{AZURE}\n"
)
PATCH = (
    f'{FORBIDDEN}deployments.apps "web" is forbidden: '
    f"{WHO.format(verb='patch', kind='deployments', group='apps')}{AZURE}\n"
)
QUOTA = 'Error from server (Forbidden): pods "web" is forbidden: exceeded quota: small, requested: pods=1\n'
POLICY = (
    'Error from server (Forbidden): namespaces "vote-dev" is forbidden: ValidatingAdmissionPolicy denied\n'
)


def no(words: str, printed: str = "") -> Result:
    return Result(1, printed.encode(), words.encode())


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (SECRETS, ["secrets"]),
        (SECRET + LEASE, ["leases", "secrets"]),
        ("Warning: old\n" + PATCH, ["deployments"]),
        (QUOTA, []),
        (POLICY, []),
        (PATCH + QUOTA, []),
        (SECRETS + 'error: the server doesn\'t have a resource type "x"\n', []),
        ("", []),
    ],
)
def test_only_a_right_that_lacks_is_passed_over(words, kinds):
    assert read_only.withheld_by(no(words)).kinds == kinds


def test_what_else_goes_wrong_is_raised(config):
    with pytest.raises(CommandFailed, match="exceeded quota"):
        read_only.ask(delivery(config, {GET: no(QUOTA)}), get.existing_in_detail(CLUSTER, *GET_NAMES))


@pytest.mark.parametrize(
    ("dispensable", "answers"),
    [(None, True), ({"leases", "secrets"}, True), ({"leases"}, False), (set(), False)],
)
def test_what_was_printed_beside_a_refusal_is_an_answer_if_one_can_do_without_the_rest(
    config, dispensable, answers
):
    context = delivery(config, {GET: no(SECRET + LEASE, NAMESPACE)})
    question = get.existing_in_detail(CLUSTER, *GET_NAMES)
    if answers:
        assert read_only.ask(context, question, dispensable)[0] == NAMESPACE
        return
    with pytest.raises(CommandFailed, match="cannot get resource"):
        read_only.ask(context, question, dispensable)


GET_NAMES = ("namespace/vote-dev", "lease/aks-flow-delivery", "secret/redis-auth")
GET_NAMES += tuple(f"deployment/front-{track}" for track in ("canary", "baseline", "green"))


def test_a_look_goes_on_without_secrets_and_lock(config):
    present = prefetch.look(delivery(config, {GET: no(SECRET + LEASE, NAMESPACE)}), "dev")
    assert present.namespace and present.withheld.kinds == ["leases", "secrets"]
    assert planning._secrets(delivery(config, {}), "dev", present) == ()


def live_web(**more) -> dict:
    """As the server has it: with defaults, and what was applied, by its owner."""
    port = 'k:{"containerPort":8080,"protocol":"TCP"}'
    container = {"f:image": {}, "f:name": {}, "f:resources": {"f:limits": {"f:cpu": {}}}}
    container |= {"f:ports": {port: {".": {}, "f:containerPort": {}}}, ".": {}}
    fields = {
        "f:metadata": {"f:labels": {"f:app": {}, "f:old": {}}},
        "f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"web"}': container}}}},
    }
    entry = {"manager": MANAGER, "operation": "Apply", "apiVersion": "apps/v1", "fieldsV1": fields}
    item = deepcopy(WEB)
    item["metadata"] |= {"namespace": "vote-dev", "managedFields": [entry], "uid": "1"}
    item["metadata"]["labels"]["old"] = "yes"
    [there] = item["spec"]["template"]["spec"]["containers"]
    there |= {"resources": {"limits": {"cpu": "500m"}}, "terminationMessagePath": "/dev/termination-log"}
    there["ports"][0]["protocol"] = "TCP"
    item["spec"] |= {"replicas": 1, "revisionHistoryLimit": 10}
    return item | {"status": {"replicas": 1}} | more


WEB = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {"app": "web"}},
    "spec": {
        "template": {
            "spec": {
                "containers": [
                    {
                        "name": "web",
                        "image": "r/web:1",
                        "ports": [{"containerPort": 8080}],
                        "resources": {"limits": {"cpu": 0.5}},
                        "volumeMounts": [],
                    }
                ]
            }
        }
    },
}


def changed(**container) -> dict:
    item = deepcopy(WEB)
    item["metadata"]["labels"]["old"] = "yes"
    item["spec"]["template"]["spec"]["containers"][0] |= container
    return item


def signs(text: str) -> list[str]:
    """The changed lines alone, without YAML's dashes."""
    lines = [line for line in text.splitlines() if not line.startswith(("+++", "---", "@@", " "))]
    return [f"{line[0]}{line[1:].strip().removeprefix('- ')}" for line in lines]


@pytest.mark.parametrize(
    ("item", "lines"),
    [
        (changed(), []),
        (changed(image="r/web:2"), ["-image: r/web:1", "+image: r/web:2"]),
        (WEB, ["-old: 'yes'"]),
        (changed(resources={"limits": {"cpu": "1"}}), ["-cpu: 500m", "+cpu: '1'"]),
        (
            changed(env=[{"name": "A", "value": "b"}]),
            ["-image: r/web:1", "+env:", "+name: A", "+value: b", "+image: r/web:1"],
        ),
        (changed(ports=[]), ["-ports:", "-containerPort: 8080"]),
    ],
    ids=["as it is", "an image", "a label that goes", "a limit", "a variable", "a port that goes"],
)
def test_the_difference_is_of_what_the_manifest_has_or_had(item, lines):
    assert signs(unvalidated.difference([item], [live_web()])) == lines


def test_what_is_not_there_yet_is_whole():
    text = unvalidated.difference([WEB], [])
    assert "+++ deployment.apps/web as it would be" in text and "+image: r/web:1" in signs(text)
    assert {line[0] for line in signs(text)} == {"+"}


def test_a_diff_that_may_not_be_asked_for_is_made_without_the_server(config):
    manifest = json.dumps(changed(image="r/web:2"))
    listed = json.dumps(live_web())
    answers = {
        str(diff.manifest(CLUSTER, manifest)): Result(2, b"", PATCH.encode()),
        str(get.of_manifest(CLUSTER, manifest)): listed,
    }
    compared = compare(delivery(config, answers), "dev", manifest, (), True)
    assert signs(compared.diff) == ["-image: r/web:1", "+image: r/web:2"]
    [said] = compared.unvalidated
    assert (
        "the server did not validate it" in said and 'User "0f3a" cannot patch' in said and "\n" not in said
    )


def test_a_secret_of_the_manifest_is_not_taken_for_a_new_one(config):
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "redis-auth"}, "data": {"a": "Yg=="}}
    manifest = f"{json.dumps(secret)}\n---\n{json.dumps(changed())}"
    answers = {
        str(diff.manifest(CLUSTER, manifest)): Result(2, b"", PATCH.encode()),
        str(get.of_manifest(CLUSTER, manifest)): no(SECRET, json.dumps(live_web())),
    }
    compared = compare(delivery(config, answers), "dev", manifest, (), True)
    assert compared.diff == "" and compared.withheld.kinds == ["secrets"]


LOCK = str(get.lease(CLUSTER, lease.NAME))
HISTORY = str(get.labelled(CLUSTER, "secrets", revision.LABELS))
OWNED = str(get.owned(CLUSTER, drift._KINDS))
BY_HAND = {
    "manager": "kubectl-set",
    "operation": "Update",
    "apiVersion": "apps/v1",
    "time": "2026-01-08T00:00:00Z",
}


@pytest.mark.parametrize("by_hand", [False, True])
def test_drift_without_secrets_tells_what_others_set(config, by_hand):
    item = live_web()
    if by_hand:
        entry = BY_HAND | {"fieldsV1": {"f:metadata": {"f:labels": {"f:by-hand": {}}}}}
        item["metadata"]["labels"]["by-hand"] = "yes"
        item["metadata"]["managedFields"].append(entry)
    items = {"kind": "List", "items": [item]}
    seen = drift.read(
        delivery(config, {HISTORY: no(SECRETS), LOCK: no(LEASE), OWNED: json.dumps(items)}), "dev"
    )
    now = datetime(2026, 1, 9, tzinfo=UTC)
    assert seen.unread == ("not read, since who asks may not: leases, secrets; they were not compared",)
    assert seen.delivered == "its history may not be read"
    assert (seen.state(now), len(drift.findings(seen, now))) == (
        ("differs", 2) if by_hand else (drift.NOTHING_SET, 0)
    )


def test_a_delivery_is_refused_where_a_plan_goes_on(config, monkeypatch):
    read = replace(plan(), notes=PlanNotes(unvalidated=(read_only.unvalidated(no(PATCH)),)))
    monkeypatch.setattr(planning, "_planned", lambda *_: read)
    with pytest.raises(
        AksFlowError, match=r"may not deliver to dev, and nothing was changed: .*cannot patch"
    ):
        planning.make_plan(delivery(config, {}), NOW, None)
