"""ValidatingAdmissionPolicies: what they deny, in a server's words, and what is refused here."""

import pytest

from aks_flow.rehearsal.standins.kubernetes import cel
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.options import WriteOptions

LEVEL = "pod-security.kubernetes.io/enforce"
LABELLED = f"has(object.metadata.labels) && '{LEVEL}' in object.metadata.labels"
HELD = f"{LABELLED} && object.metadata.labels['{LEVEL}'] in ['baseline', 'restricted']"
ITEM = {"metadata": {"name": "a", "labels": {"tier": "web!"}}, "spec": {"replicas": 3, "paused": False}}
VALUES = {
    "has(object.metadata.labels)": True,
    "has(object.metadata.annotations)": False,
    "!has(object.metadata.annotations) || object.metadata.annotations['x'] == 'y'": True,
    "'tier' in object.metadata.labels && object.metadata.labels['tier'] == 'web!'": True,
    "!('tier' in object.metadata.labels)": False,
    "object.spec.replicas <= 5 && object.spec.replicas != 4": True,
    "object.spec.paused == false": True,
    "oldObject == null": True,
    "object.metadata.name in ['b', \"a\"]": True,
    HELD: False,
}
ERRORS = {
    "object.metadata.annotations['x'] == 'y'": "no such key: annotations",
    "object.spec.replicas < object.spec.most": "no such key: most",
    "object.metadata.name < object.spec.replicas": "no such overload",
    "'x' in oldObject": "no such overload",
    "request.userInfo.username == 'u'": "undeclared reference to 'request'",
}
UNKNOWN = [
    *("object.spec.replicas <", "object.metadata.labels.all(k, k != 'x')", "size(object.spec) > 1"),
    *("object.a ? true : false", "1 < 2 < 3", "object.a + 1 == 2", "has(object)", "lambda: 1", "-1 == 2"),
    "__import__('os').system('true')",
]


@pytest.mark.parametrize(("expression", "value"), VALUES.items())
def test_an_expression_has_its_value(expression, value):
    cel.check(expression)
    assert cel.evaluate(expression, {"object": ITEM, "oldObject": None}) is value


@pytest.mark.parametrize(("expression", "says"), ERRORS.items())
def test_an_expression_without_a_value_is_an_error(expression, says):
    with pytest.raises(cel.EvaluationError, match=says):
        cel.evaluate(expression, {"object": ITEM, "oldObject": None})


@pytest.mark.parametrize("expression", UNKNOWN)
def test_what_is_not_understood_is_said_and_not_run(expression):
    with pytest.raises(cel.UnknownExpression):
        cel.check(expression)
    with pytest.raises(cel.UnknownExpression):
        cel.evaluate(expression, {"object": ITEM})


def namespace(level: str = "", **more: str) -> dict:
    labels = ({LEVEL: level} if level else {}) | more
    return {"metadata": {"name": "shop", "labels": labels}}


def policy(**changes) -> dict:
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["UPDATE"], "resources": ["namespaces"]}
    validation = {"expression": HELD, "message": "not lower", "reason": "Forbidden"}
    spec = {
        "matchConstraints": {"resourceRules": [{**rule, "resourceNames": ["shop"]}]},
        "validations": [validation],
    }
    return {"metadata": {"name": "level"}, "spec": spec | changes}


def binding(*actions: str) -> dict:
    return {"metadata": {"name": "bound"}, "spec": {"policyName": "level", "validationActions": [*actions]}}


@pytest.fixture
def bound(objects):
    """A cluster with a namespace, and a policy that holds its level."""
    objects.create(kinds.NAMESPACE, namespace("baseline"))
    objects.create(kinds.VALIDATING_POLICY, policy())
    objects.create(kinds.VALIDATING_POLICY_BINDING, binding("Deny"))
    return objects


@pytest.mark.parametrize("level", ["", "privileged"])
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_change_is_denied_in_a_server_s_words(bound, level, dry_run):
    with pytest.raises(StatusError) as denied:
        bound.update(kinds.NAMESPACE, namespace(level), options=WriteOptions(dry_run))
    assert (denied.value.code, denied.value.reason) == (403, "Forbidden")
    words = "ValidatingAdmissionPolicy 'level' with binding 'bound' denied request: not lower"
    assert denied.value.message == f'namespaces "shop" is forbidden: {words}'


def test_what_a_policy_does_not_concern_goes_on(bound):
    bound.update(kinds.NAMESPACE, namespace("restricted", team="web"))
    bound.create(kinds.NAMESPACE, {"metadata": {"name": "other"}})
    bound.update(kinds.NAMESPACE, {"metadata": {"name": "other", "labels": {LEVEL: "privileged"}}})
    bound.delete(kinds.NAMESPACE, "", "shop")


@pytest.mark.parametrize("actions", [("Warn",), ("Audit", "Warn")])
def test_a_binding_that_does_not_deny_denies_nothing(bound, actions):
    bound.update(kinds.VALIDATING_POLICY_BINDING, binding(*actions))
    bound.update(kinds.NAMESPACE, namespace("privileged"))


def test_an_expression_that_fails_denies_unless_the_policy_ignores_that(bound):
    failing = {"validations": [{"expression": "object.spec.none == 1"}]}
    bound.update(kinds.VALIDATING_POLICY, policy(**failing))
    with pytest.raises(StatusError, match="resulted in error: no such key: none") as denied:
        bound.update(kinds.NAMESPACE, namespace("restricted"))
    assert (denied.value.code, denied.value.reason) == (422, "Invalid")
    bound.update(kinds.VALIDATING_POLICY, policy(**failing, failurePolicy="Ignore"))
    bound.update(kinds.NAMESPACE, namespace("privileged"))


NOT_ACTED_ON = {
    "a function": {"validations": [{"expression": "object.metadata.name.startsWith('x')"}]},
    "a variable": {"variables": [{"name": "x", "expression": "1"}]},
    "a condition": {"matchConditions": [{"name": "x", "expression": "true"}]},
    "no validation": {"validations": []},
    "a deletion": {
        "matchConstraints": {
            "resourceRules": [
                {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["DELETE"], "resources": ["pods"]}
            ]
        }
    },
}


@pytest.mark.parametrize("changes", NOT_ACTED_ON.values(), ids=NOT_ACTED_ON)
def test_a_policy_that_would_not_be_acted_on_is_refused(objects, changes):
    with pytest.raises(StatusError) as refused:
        objects.create(kinds.VALIDATING_POLICY, policy(**changes))
    assert refused.value.code == 422
