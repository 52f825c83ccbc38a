"""Which sync is started, and with what."""

import json

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops.sync import STARTED, UNCHANGED, status_of
from aks_flow.tools import argocd
from aks_flow.tools.argocd import ArgoCD
from aks_flow.tools.kubectl import Kubectl
from tests.unit.gitops.objects import application

OLD, NEW = "b" * 40, "c" * 40


@pytest.mark.parametrize(
    ("item", "status"),
    [
        (application(NEW, "OutOfSync", operation=OLD), STARTED),
        (application(NEW, "OutOfSync", phase="Failed"), STARTED),
        (application(OLD), STARTED),
        (application(NEW), UNCHANGED),
        (application(NEW, "OutOfSync", phase="Running"), UNCHANGED),
    ],
)
def test_a_sync_is_started_unless_it_runs_or_is_done(item, status):
    assert status_of(argocd.parse(item), NEW, "dev") == status


def test_no_sync_is_started_beside_another():
    running = application(NEW, "OutOfSync", phase="Running", operation=OLD, message="waits")
    with pytest.raises(AksFlowError, match=r"a sync of commit bbbbbbbbbbbb runs \(waits\).*gitops\.wait dev"):
        status_of(argocd.parse(running), NEW, "dev")


def test_a_sync_is_of_one_commit_with_the_policy_s_options_and_only_of_what_was_read():
    policy = {"syncOptions": ["FailOnSharedResource=true"], "retry": {"limit": 2}}
    item = {"metadata": {"name": "vote-dev", "resourceVersion": "7"}, "spec": {"syncPolicy": policy}}
    *_, patch = ArgoCD(Kubectl()).sync(item, NEW).argv
    assert json.loads(patch.removeprefix("--patch=")) == {
        "metadata": {"resourceVersion": "7"},
        "operation": {
            "initiatedBy": {"username": "aks-flow"},
            "sync": {"revision": NEW, "prune": True, "syncOptions": ["FailOnSharedResource=true"]},
            "retry": {"limit": 2},
        },
    }


@pytest.mark.parametrize(
    ("policy", "automated"),
    [
        ({}, False),
        ({"automated": {}}, True),
        ({"automated": {"enabled": False}}, False),
        ({"automated": {"enabled": True}}, True),
    ],
)
def test_an_automation_that_is_switched_off_is_none(policy, automated):
    item = {"metadata": {"name": "vote-dev"}, "spec": {"syncPolicy": policy}}
    assert argocd.parse(item).automated is automated
