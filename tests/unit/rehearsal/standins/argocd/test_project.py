"""What an AppProject permits, ours among them."""

from copy import deepcopy

import pytest

from aks_flow.rehearsal.standins.argocd import project
from tests.unit.rendering import ENVIRONMENTS, OVERLAYS, ROOT, rendered

SERVER = "https://kubernetes.default.svc"
REPOSITORY = "https://git.example.com/vote.git"


def permits(**spec) -> dict:
    destinations = [{"server": SERVER, "namespace": "vote-*"}]
    return {"spec": {"sourceRepos": [REPOSITORY], "destinations": destinations} | spec}


def application(repository: str = REPOSITORY, **destination: str) -> dict:
    destination = {"server": SERVER, "namespace": "vote-dev"} | destination
    source = {"repoURL": repository, "path": "dev"}
    return {"spec": {"project": "vote", "source": source, "destination": destination}}


# A project, an Application -> what is said, "" for nothing.
SPECS = [
    (permits(), application(), ""),
    (permits(), application(REPOSITORY.removesuffix(".git")), ""),
    (permits(sourceRepos=["*"]), application("/a/path"), ""),
    (permits(sourceRepos=["*", f"!{REPOSITORY}"]), application(), "is not permitted in project 'vote'"),
    (permits(sourceRepos=["https://git.example.com/*"]), application(), ""),
    (
        permits(sourceRepos=["https://git.example.com/*"]),
        application("https://git.example.com/team/vote.git"),
        "is not permitted",
    ),
    (
        permits(sourceRepos=["https://git.example.com/**"]),
        application("https://git.example.com/team/vote.git"),
        "",
    ),
    (
        permits(sourceRepos=["git@git.local:team/vote.git"]),
        application("ssh://git@git.local/team/vote"),
        "",
    ),
    (permits(sourceRepos=["HTTPS://Git.Example.com/Vote"]), application(), ""),
    (
        permits(destinations=[{"server": "*", "namespace": "*"}, {"server": "*", "namespace": "!vote-*"}]),
        application(),
        "do not match any of the allowed destinations",
    ),
    (
        permits(destinations=[{"server": "*", "namespace": "*"}, {"server": f"!{SERVER}", "namespace": "*"}]),
        application(),
        "do not match any of the allowed destinations",
    ),
    (permits(), application("https://git.example.com/other.git"), "is not permitted in project 'vote'"),
    (permits(), application(namespace="kube-system"), "do not match any of the allowed destinations"),
    (permits(), application(server="", name="in-cluster"), ""),
    (permits(), application(server="https://elsewhere"), "there are no clusters"),
    (permits(), application(name="in-cluster"), "can't have both name and server defined: in-cluster https:"),
    (None, application(), "project vote which does not exist"),
    (permits(), {"spec": {"project": "vote"}}, "are required"),
]


@pytest.mark.parametrize(("allowed", "app", "fault"), SPECS)
def test_an_applications_spec_is_permitted_or_named(allowed, app, fault):
    refusals = project.faults(allowed, app)
    assert (fault in refusals[0]) if fault else refusals == []


# A project's rules, an object's group, kind and namespace -> whether it is permitted.
KINDS = [
    ({}, "apps", "Deployment", "vote-dev", True),
    ({}, "apps", "Deployment", "other", False),
    ({}, "", "Namespace", "", False),
    ({"clusterResourceWhitelist": [{"group": "", "kind": "Namespace"}]}, "", "Namespace", "", True),
    ({"clusterResourceWhitelist": [{"group": "*", "kind": "*"}]}, "x.io", "Y", "", True),
    (
        {"namespaceResourceWhitelist": [{"group": "", "kind": "Service"}]},
        "apps",
        "Deployment",
        "vote-dev",
        False,
    ),
    ({"namespaceResourceWhitelist": []}, "", "Service", "vote-dev", False),
    ({"namespaceResourceBlacklist": [{"group": "", "kind": "Secret"}]}, "", "Secret", "vote-dev", False),
    (
        {
            "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
            "clusterResourceBlacklist": [{"group": "", "kind": "Namespace"}],
        },
        "",
        "Namespace",
        "",
        False,
    ),
    (
        {
            "namespaceResourceWhitelist": [{"group": "apps", "kind": "*"}],
            "namespaceResourceBlacklist": [{"group": "apps", "kind": "DaemonSet"}],
        },
        "apps",
        "DaemonSet",
        "vote-dev",
        False,
    ),
    (
        {"namespaceResourceWhitelist": [{"group": "*.example.com", "kind": "C*"}]},
        "shop.example.com",
        "Car",
        "vote-dev",
        True,
    ),
    (
        {"namespaceResourceWhitelist": [{"group": "apps", "kind": "deployment"}]},
        "apps",
        "Deployment",
        "vote-dev",
        False,
    ),
]


@pytest.mark.parametrize(("spec", "group", "kind", "namespace", "permitted"), KINDS)
def test_a_kind_is_permitted_or_not(spec, group, kind, namespace, permitted):
    assert project.permits(permits(**spec), group, kind, namespace) is permitted


NAMES = [("vote-dev", True), ("vote-", True), ("kube-system", False)]


@pytest.mark.parametrize(("name", "permitted"), NAMES)
def test_an_object_of_the_whole_cluster_may_be_permitted_by_name_only(name, permitted):
    spec = {"clusterResourceWhitelist": [{"group": "", "kind": "Namespace", "name": "vote-*"}]}
    assert project.permits(permits(**spec), "", "Namespace", "", name) is permitted


def ours() -> dict:
    [app_project] = [item for item in rendered(ROOT / "manifests" / "argocd") if item["kind"] == "AppProject"]
    return deepcopy(app_project)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_our_project_permits_all_that_the_manifests_hold(environment):
    for item in rendered(OVERLAYS / environment):
        assert project.permits_object(ours(), item), item["kind"]


def test_our_project_permits_nothing_else():
    kinds = {item["kind"] for env in ENVIRONMENTS for item in rendered(OVERLAYS / env)}
    spec = ours()["spec"]
    listed = {
        entry["kind"] for entry in spec["clusterResourceWhitelist"] + spec["namespaceResourceWhitelist"]
    }
    assert listed == kinds
    assert not project.permits(ours(), "", "Secret", "vote-dev")
    assert not project.permits(ours(), "", "ConfigMap", "kube-system")
    assert not project.permits(ours(), "", "Namespace", "", "kube-system")
