"""kubectl's argument lists, and what it prints."""

import pytest

from aks_flow.core.command import flags
from aks_flow.tools.kubectl import Kubectl, apply, get, output


@pytest.mark.parametrize(
    ("values", "options"),
    [
        ({"output": "json"}, ("--output=json",)),
        ({"ignore_not_found": True, "wait": False, "context": None}, ("--ignore-not-found",)),
        ({"label": ["a", "b"], "tail": 0, "body": ""}, ("--label=a", "--label=b", "--tail=0", "--body=")),
        ({}, ()),
    ],
)
def test_an_option_has_one_form(values, options):
    assert flags(**values) == options


def test_a_cluster_s_kubeconfig_context_and_namespace_go_with_every_command():
    command = apply.manifest(Kubectl("/srv/k/config", "c", "shop"), "kind: Pod")
    assert command.argv == ("kubectl", "--context=c", "--namespace=shop", "apply", "--filename=-")
    assert command.env == {"KUBECONFIG": "/srv/k/config", "KUBECACHEDIR": "/srv/k/kube-cache"}
    assert command.cluster and not command.reads


def test_kubectl_s_own_defaults_need_no_option():
    command = get.find(Kubectl(), "secret", "redis-auth")
    words = ("get", "secret", "redis-auth", "--ignore-not-found", "--output=json")
    assert command.argv == ("kubectl", *words) and command.env == {}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ('{"kind": "Service", "apiVersion": "v1", "metadata": {"name": "a"}}', ["service/a"]),
        (
            '{"kind": "List", "items": [{"kind": "Deployment", "apiVersion": "apps/v1",'
            ' "metadata": {"name": "a"}}]}',
            ["deployment.apps/a"],
        ),
    ],
)
def test_one_object_and_a_list_are_read_alike(text, names):
    assert [output.object_name(item) for item in output.objects(text)] == names
