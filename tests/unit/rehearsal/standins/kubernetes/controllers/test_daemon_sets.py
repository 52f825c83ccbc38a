"""DaemonSets: a pod on each node."""

import pytest

from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import DAEMON_SET, NODE, POD
from tests.unit.rehearsal.standins.kubernetes.controllers.harness import set_image, set_spec, template


@pytest.fixture
def agent(cluster):
    spec = {"selector": {"matchLabels": {"app": "agent"}}, "template": template("v1", "agent")}
    cluster.create(DAEMON_SET, "agent", spec=spec)
    return cluster


def test_the_node_gets_one_pod(agent):
    assert [pod["spec"]["nodeName"] for pod in agent.all(POD)] == ["node-1"]
    assert agent.get(DAEMON_SET, "agent")["status"] == {
        "currentNumberScheduled": 1,
        "desiredNumberScheduled": 1,
        "numberAvailable": 1,
        "numberMisscheduled": 0,
        "numberReady": 1,
        "observedGeneration": 1,
        "updatedNumberScheduled": 1,
    }


def test_a_node_that_joins_gets_a_pod_as_well(agent):
    agent.objects.create(NODE, {"metadata": {"name": "node-2"}})
    agent.objects.modify(
        NODE, "", "node-2", lambda node: node.update(status={"allocatable": {"pods": "10"}}), "status"
    )
    agent.settle()
    assert sorted(pod["spec"]["nodeName"] for pod in agent.all(POD)) == ["node-1", "node-2"]


def test_a_node_that_does_not_match_gets_none(agent):
    agent.modify(
        DAEMON_SET, "agent", lambda item: item["spec"]["template"]["spec"].update(nodeSelector={"gpu": "yes"})
    )
    assert agent.all(POD) == []
    assert agent.get(DAEMON_SET, "agent")["status"]["desiredNumberScheduled"] == 0


def test_an_update_replaces_the_pod(agent):
    agent.modify(DAEMON_SET, "agent", set_image("v2"))
    assert agent.images() == ["v2"]
    assert agent.get(DAEMON_SET, "agent")["status"]["updatedNumberScheduled"] == 1


def test_on_delete_waits_for_the_person(agent):
    agent.modify(DAEMON_SET, "agent", set_spec(updateStrategy={"type": "OnDelete"}))
    agent.modify(DAEMON_SET, "agent", set_image("v2"))
    assert agent.images() == ["v1"]
    agent.delete(POD, agent.names(POD)[0])
    assert agent.images() == ["v2"]
