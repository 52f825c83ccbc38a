"""ComparedDefinitions and objects of their kinds: what the server is asked about when."""

import json

import pytest

from aks_flow.core.command import Result
from aks_flow.push import definitions
from aks_flow.push.definitions import ComparedDefinitions, establish, split
from aks_flow.push.plan import PlannedChanges, PushPlan
from aks_flow.push.refusal import Refused
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.tools.kubectl import resources
from aks_flow.tools.kubectl.apply import MANAGER
from tests.unit.push.test_roll_out import DELETE, DELIVERED, IMAGE, KUBECTL, PRESENT, VALIDATE, delivery

NAME = "teas.example.com"
NAMES = {"kind": "Tea", "plural": "teas"}
TEAS = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": NAME},
    "spec": {"group": "example.com", "names": NAMES},
}
TEA = {"apiVersion": "example.com/v1", "kind": "Tea", "metadata": {"name": "mint"}}
OTHER = {"apiVersion": "other.com/v1", "kind": "Tea", "metadata": {"name": "mint"}}
CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": NAME}}
ALL = [TEAS, TEA, OTHER, CONFIG]
COMPARED = "--server-side --force-conflicts --field-manager=aks-flow --concurrency=16 --filename=-"
DIFF = f"{KUBECTL} diff {COMPARED}"
WAIT = f"{KUBECTL} wait crd {NAME} --for=condition=Established --timeout=60s"
APPLIED = f"{DELIVERED} --filename=-"


def test_what_waits_is_of_the_definition_s_group_and_kind():
    known, waiting = split(resources.documents(ALL), [NAME])
    assert (known, waiting) == (
        resources.documents([TEAS, OTHER, CONFIG]).removeprefix("---\n"),
        known and waiting,
    )
    assert json.loads(waiting) == TEA and split(resources.documents(ALL), [])[1] == ""


def live(**status) -> str:
    return json.dumps({**TEAS, "status": status})


ESTABLISHED = live(conditions=[{"type": "Established", "status": "True"}])
WAYS = {
    "it is not there": ({PRESENT: ""}, (NAME,)),
    "it is not served yet": ({PRESENT: live()}, (NAME,)),
    "it is as it was": ({PRESENT: ESTABLISHED, DIFF: ""}, ()),
    "it changes": ({PRESENT: ESTABLISHED, DIFF: Result(1, b"+sugar", b"")}, (NAME,)),
}


@pytest.mark.parametrize(("answers", "names"), WAYS.values(), ids=WAYS)
def test_what_a_delivery_makes_or_changes_goes_first(config, answers, names):
    assert definitions.read(delivery(config, answers), "dev", ALL) == ComparedDefinitions(names)


def test_without_definitions_nothing_is_asked(config):
    assert definitions.read(delivery(config, {}), "dev", [CONFIG]) == ComparedDefinitions()


FORBIDDEN = "Error from server (Forbidden): "
WHO = 'User "ann" cannot {} resource "{}" in API group "{}"'
SCOPE = " at the cluster scope\n"
HIDDEN = (
    f'{FORBIDDEN}customresourcedefinitions.apiextensions.k8s.io "{NAME}" is forbidden: '
    f"{WHO.format('get', 'customresourcedefinitions', 'apiextensions.k8s.io')}{SCOPE}"
)
NO_PATCH = HIDDEN.replace("cannot get", "cannot patch")
TEAS_NAMED = f"{KUBECTL} get {NAME} --output=name"
NONE = """error: the server doesn't have a resource type "teas"\n"""
NOT_LISTED = f"{FORBIDDEN}{NAME} is forbidden: {WHO.format('list', 'teas', 'example.com')}{SCOPE}"


def no(words: str, printed: str = "") -> Result:
    return Result(1, printed.encode(), words.encode())


@pytest.mark.parametrize(
    ("served", "names"),
    [(no(NONE), (NAME,)), (no(NOT_LISTED), ()), ("", ()), (f"{NAME}/mint\n", ())],
    ids=["its kind is not there", "its objects may not be listed", "there are none", "there is one"],
)
def test_who_may_not_read_a_definition_is_told_so_and_sees_by_the_kind_if_it_is_new(config, served, names):
    """Azure's RBAC Reader of a namespace: what is of the cluster is kept back."""
    answers = {PRESENT: no(HIDDEN), TEAS_NAMED: served}
    made = definitions.read(delivery(config, answers), "dev", ALL)
    assert (made.names, made.unvalidated) == (names, ())
    assert made.withheld.kinds == ["customresourcedefinitions"]


@pytest.mark.parametrize(("group", "names"), [("example.com", ()), ("tea.example.com", (NAME,))])
def test_who_may_only_read_a_definition_gets_its_difference_without_the_server(config, group, names):
    """Kubernetes' view with a role for definitions. They are compared by what was applied."""
    own = {"f:spec": {"f:group": {}, "f:names": {"f:kind": {}, "f:plural": {}}}}
    entry = {"manager": MANAGER, "operation": "Apply", "apiVersion": TEAS["apiVersion"], "fieldsV1": own}
    there = json.loads(ESTABLISHED)
    there["metadata"] |= {"managedFields": [entry], "uid": "1"}
    there["spec"] = {**TEAS["spec"], "group": group, "conversion": {"strategy": "None"}}
    answers = {PRESENT: json.dumps(there), DIFF: Result(2, b"", NO_PATCH.encode())}
    made = definitions.read(delivery(config, answers), "dev", ALL)
    [said] = made.unvalidated
    assert made.names == names and "the server did not validate it" in said and "cannot patch" in said


FIRST = b'The StatefulSet "db" is invalid: spec: Forbidden: updates to statefulset spec'
SECOND = b'The RoleBinding "db" is invalid: roleRef: Invalid value: "b": cannot change roleRef'
AWAY = b"Unable to connect to the server: EOF"
TOLD = {
    "all that a dry run is refused": (FIRST, Result(1, b"", FIRST + b"\n" + SECOND), FIRST + b"\n" + SECOND),
    "the diff's own, if the dry run is taken": (FIRST, Result(0, b"", b""), FIRST),
    "that nobody answered then": (FIRST, Result(1, b"", AWAY), AWAY),
    "that nobody answered": (AWAY, None, AWAY),
}


@pytest.mark.parametrize(("first", "then", "told"), TOLD.values(), ids=TOLD)
def test_one_plan_tells_all_that_the_server_refuses(config, first, then, told):
    answers = {DIFF: Result(2, b"", first)} | ({VALIDATE: then} if then else {})
    with pytest.raises(Refused) as refused:
        definitions.difference(delivery(config, answers), "dev", resources.documents(ALL))
    assert f" was changed:\n{told.decode()}\n" in str(refused.value)


def plan(*names: str, new: bool = False) -> PushPlan:
    changes = PlannedChanges(new_namespace=new, definitions=names)
    return PushPlan("dev", "vote-dev", IMAGE, resources.documents(ALL), changes=changes)


def test_they_are_applied_and_waited_for_once_the_rest_is_valid(config):
    context = delivery(config, dict.fromkeys((VALIDATE, APPLIED, WAIT), ""))
    establish(context, plan(NAME, new=True))
    assert context.run.lines == [VALIDATE, APPLIED, WAIT]
    texts = [command.stdin for command in context.run.ran]
    assert '"mint"' in texts[0] and '"example.com/v1"' not in texts[0] and json.loads(texts[1]) == TEAS


def test_what_the_diff_has_been_through_is_valid(config):
    context = delivery(config, dict.fromkeys((APPLIED, WAIT), ""))
    establish(context, plan(NAME))
    assert context.run.lines == [APPLIED, WAIT]


def test_without_new_ones_nothing_is_done(config):
    establish(delivery(config, {}), plan())


def test_a_refusal_of_the_rest_comes_before_them(config):
    context = delivery(config, {VALIDATE: Result(1, b"", b"no"), DELETE: ""})
    with pytest.raises(Refused, match="nothing was changed"):
        establish(context, plan(NAME, new=True))


@pytest.mark.parametrize("failing", [APPLIED, WAIT])
def test_one_that_does_not_come_is_a_verdict_and_nothing_else_changes(config, failing):
    answers = dict.fromkeys((VALIDATE, APPLIED, WAIT), "") | {failing: Result(1, b"", b"timed out")}
    with pytest.raises(BadVerdict, match="Nothing else was changed") as bad:
        establish(delivery(config, answers), plan(NAME))
    assert bad.value.findings[0].workload == NAME
