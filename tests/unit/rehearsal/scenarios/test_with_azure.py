"""What `rehearse --azure` cannot play is refused in a sentence, before anything is made."""

import pytest

from aks_flow.core.config.load import load
from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.scenarios.push_and_pull import with_azure
from aks_flow.rehearsal.standins import stack
from aks_flow.target.delivery import DeliveryContext
from tests.unit.planned import Planned


class Reached(Exception):
    """The first stand-in would be started."""


@pytest.fixture
def play(monkeypatch, tmp_path):
    """Plays a configuration, up to the first stand-in."""

    def reach(*about):
        raise Reached

    monkeypatch.setattr(stack, "up", reach)
    return lambda settings: with_azure.play(load(settings, tmp_path), print, Steps(print), print)


REFUSED = {
    "a gateway": ({"cluster": {"ingress": "gateway"}}, "azure.cluster.ingress", "CLUSTER_INGRESS=none"),
    "a private cluster": (
        {"cluster": {"access": "private"}},
        "azure.cluster.access",
        "CLUSTER_ACCESS=public",
    ),
    "a cluster that is there": ({"cluster": {"group": "shared"}}, "azure.cluster.group", "CLUSTER_GROUP= "),
    "a registry that is there": (
        {"registry": {"group": "shared"}},
        "azure.registry.group",
        "REGISTRY_GROUP= ",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_stand_in_plays_is_refused_before_one_is_started(settings, play, name):
    [(section, keys)], where, rest = REFUSED[name][0].items(), *REFUSED[name][1:]
    settings["azure"][section] |= keys
    with pytest.raises(AksFlowError, match="is not rehearsed: ") as caught:
        play(settings)
    assert caught.value.where == where
    assert f"INVOKE_AZURE_{rest}" in caught.value.next_step


def test_the_configuration_of_the_sample_is_played(settings, play):
    with pytest.raises(Reached):
        play(settings)


def test_what_was_delivered_goes_with_azure_s_cluster(config):
    words = "--ignore-not-found --wait=false"
    kubectl, policies = "kubectl --context=rehearsal", "aks-flow-vote-dev aks-flow-vote-staging"
    lines = [
        f"{kubectl} --namespace=argocd delete applications.argoproj.io vote-dev vote-staging {words}",
        f"{kubectl} delete namespace vote-dev vote-staging {words}",
        f"{kubectl} delete validatingadmissionpolicybinding {policies} {words}",
        f"{kubectl} delete validatingadmissionpolicy {policies} {words}",
    ]
    run = Planned(dict.fromkeys(lines, ""))
    with_azure.empty(DeliveryContext(run, None, config, Steps(Silent())))
    assert run.lines == lines
