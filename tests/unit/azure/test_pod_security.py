"""Who delivers cannot ask less of pods than `checks.policy`: by a policy that is an administrator's."""

from dataclasses import replace

import pytest
import yaml

from aks_flow.azure.identity import access, kubernetes_roles, pod_security
from aks_flow.core.command import Result
from aks_flow.core.config.checks import BASELINE, OFF, RESTRICTED
from aks_flow.rehearsal.standins.kubernetes import cel
from aks_flow.tools.kubectl import Kubectl

LEVEL, VERSION = pod_security.LEVEL, pod_security.VERSION
LABELS = {
    # level asked for, the Namespace's labels: whether they are denied
    (RESTRICTED, (LEVEL, "restricted")): False,
    (RESTRICTED, (LEVEL, "baseline")): True,
    (RESTRICTED, (LEVEL, "privileged")): True,
    (RESTRICTED, ("team", "web")): True,
    (RESTRICTED, ()): True,
    (RESTRICTED, (LEVEL, "restricted", VERSION, "v1.20")): True,
    (RESTRICTED, (LEVEL, "restricted", VERSION, "latest")): False,
    (BASELINE, (LEVEL, "restricted")): False,
    (BASELINE, (LEVEL, "baseline")): False,
    (BASELINE, (LEVEL, "privileged")): True,
}


def asking(config, level: str):
    return replace(config, checks=replace(config.checks, policy=level))


@pytest.mark.parametrize(("case", "denied"), LABELS.items(), ids=str)
def test_labels_that_ask_less_of_pods_are_denied(config, case, denied):
    level, words = case
    labels = dict(zip(words[::2], words[1::2], strict=True))
    [policy, *_] = yaml.safe_load_all(pod_security.objects(asking(config, level)))
    namespace = {"metadata": {"name": "vote-dev"} | ({"labels": labels} if labels else {})}
    held = [
        cel.evaluate(validation["expression"], {"object": namespace, "oldObject": None})
        for validation in policy["spec"]["validations"]
    ]
    assert (not all(held)) is denied


def test_each_environment_has_a_policy_that_is_bound_to_deny(config):
    objects = list(yaml.safe_load_all(pod_security.objects(config)))
    policies, bindings = objects[::2], objects[1::2]
    rules = [item["spec"]["matchConstraints"]["resourceRules"] for item in policies]
    names = [rule["resourceNames"] for [rule] in rules]
    assert names == [["vote-dev"], ["vote-staging"], ["vote-production"]]
    assert [item["metadata"]["name"] for item in policies] == pod_security.names(config)
    assert [item["spec"]["policyName"] for item in bindings] == pod_security.names(config)
    assert {tuple(item["spec"]["validationActions"]) for item in bindings} == {("Deny",)}


@pytest.mark.parametrize(("level", "labels"), [(RESTRICTED, {LEVEL: RESTRICTED}), (OFF, None)])
def test_a_namespace_begins_as_it_must_stay(config, level, labels):
    made = yaml.safe_load_all(kubernetes_roles.namespaces(asking(config, level)))
    assert [item["metadata"].get("labels") for item in made] == [labels] * 3


def test_no_deliverer_may_change_a_policy(config):
    principals = {name: f"object-{name}" for name in access.identities(config).values()}
    items = yaml.safe_load_all(kubernetes_roles.roles(config, principals))
    groups = {group for item in items for rule in item.get("rules") or () for group in rule["apiGroups"]}
    assert groups == {""}


class Heard:
    def __init__(self):
        self.argv = []

    def run(self, asked) -> Result:
        self.argv.append(asked.argv[2:])
        return Result(0, b"", b"")


NAMES = ("aks-flow-vote-dev", "aks-flow-vote-staging", "aks-flow-vote-production")


@pytest.mark.parametrize(
    ("level", "argv"),
    [
        (BASELINE, [("apply", "--filename=-")]),
        (
            OFF,
            [
                ("delete", kind, *NAMES, "--ignore-not-found", "--wait=false")
                for kind in ("validatingadmissionpolicybinding", "validatingadmissionpolicy")
            ],
        ),
    ],
)
def test_what_is_held_follows_the_configuration(config, level, argv):
    heard = Heard()
    said = pod_security.hold(heard, Kubectl(context="c"), asking(config, level))
    assert heard.argv == argv and level in said
