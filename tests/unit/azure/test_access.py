"""Who may do what, in Azure and in the cluster."""

from fnmatch import fnmatchcase

import pytest
import yaml

from aks_flow.azure.identity import access, kubernetes_roles
from aks_flow.core.config.load import load
from aks_flow.rehearsal.standins.azure.aks.request import RequestedAction
from aks_flow.rehearsal.standins.azure.arm.access import built_in
from tests.unit.azure import subscription


def roles(config, who: str) -> set[str]:
    return {grant.role for grant in access.grants(config, subscription.ID) if grant.who == who}


def test_only_the_publishing_identity_pushes_and_only_deliverers_write(config):
    assert roles(config, "aks-flow-publish") == {"AcrPush", access.IMPORT}
    assert roles(config, "aks-flow-production") == {"AcrPull", access.REACH, access.WRITE}
    assert roles(config, "aks-flow-production-undo") == roles(config, "aks-flow-production")


def read_by(config, who: str) -> set[str]:
    """The namespaces that an identity may only read."""
    scopes = [
        grant.scope
        for grant in access.grants(config, subscription.ID)
        if (grant.who, grant.role) == (who, access.READ)
    ]
    return {scope.rpartition("/")[2] for scope in scopes}


def test_a_plan_and_a_look_at_night_may_only_read(config):
    for who in ("aks-flow-plan", "aks-flow-nightly"):
        assert roles(config, who) == {"AcrPull", access.REACH, access.READ}
    assert read_by(config, "aks-flow-plan") == {"vote-dev"}
    assert read_by(config, "aks-flow-nightly") == {"vote-dev", "vote-staging", "vote-production"}


def test_previews_reach_the_cluster_and_no_environment_s_namespace(settings, tmp_path):
    settings["azure"]["github"]["environments"]["preview"] = "preview"
    config = load(settings, tmp_path)
    assert roles(config, "aks-flow-preview") == {"AcrPush", access.REACH}
    assert access.delivers_to(config, "preview") == "" and read_by(config, "aks-flow-preview") == set()
    principals = {name: f"object-{name}" for name in access.identities(config).values()}
    for objects in (kubernetes_roles.roles, kubernetes_roles.applications):
        assert "object-aks-flow-preview" not in objects(config, principals)


def test_building_in_azure_takes_the_role_for_it(settings, tmp_path):
    settings["azure"]["github"]["environments"]["publish"] = "build"
    assert access.BUILD in roles(load(settings, tmp_path), "aks-flow-publish")


def test_an_administrator_is_what_the_configuration_says(settings, tmp_path, plan_request):
    settings["azure"]["admins"] = {"some-object": "Group"}
    grants = access.grants(load(settings, tmp_path), subscription.ID)
    assert [(grant.role, grant.kind) for grant in grants if grant.who == "some-object"] == [
        (access.REACH, "Group"),
        (access.ADMINISTER, "Group"),
    ]


def test_who_delivers_may_write_gateways_where_the_cluster_has_them(settings, tmp_path):
    """Azure's RBAC Writer knows built-in kinds alone."""
    settings["azure"]["cluster"]["ingress"] = "gateway"
    config = load(settings, tmp_path)
    principals = {name: f"object-{name}" for name in access.identities(config).values()}
    given = [
        (item["metadata"]["namespace"], [group for rule in item["rules"] for group in rule["apiGroups"]])
        for item in yaml.safe_load_all(kubernetes_roles.roles(config, principals))
        if item["kind"] == "Role"
    ]
    names = ("vote-dev", "vote-staging", "vote-production")
    assert given == [(name, ["", "gateway.networking.k8s.io"]) for name in names]


WRITTEN = [
    *[("v1", kind) for kind in ("ConfigMap", "PersistentVolumeClaim", "Pod", "Secret", "Service")],
    *[("v1", "ServiceAccount"), ("v1", "Namespace")],
    *[("apps/v1", kind) for kind in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")],
    *[("autoscaling/v2", "HorizontalPodAutoscaler"), ("policy/v1", "PodDisruptionBudget")],
    *[("batch/v1", "CronJob"), ("batch/v1", "Job"), ("coordination.k8s.io/v1", "Lease")],
    *[("networking.k8s.io/v1", "Ingress"), ("networking.k8s.io/v1", "NetworkPolicy")],
]
READ = [
    *[("v1", "LimitRange"), ("v1", "ResourceQuota"), ("v1", "PersistentVolume")],
    *[("rbac.authorization.k8s.io/v1", kind) for kind in ("Role", "RoleBinding", "ClusterRole")],
    *[("example.com/v1", "Deployment"), ("gateway.networking.k8s.io/v1", "HTTPRoute")],
]


@pytest.mark.parametrize(("api", "kind"), [*WRITTEN, *READ])
def test_which_kinds_a_delivery_may_write_is_as_azure_s_role_says(config, api, kind):
    item = {"apiVersion": api, "kind": kind}
    assert kubernetes_roles.writes(config, item) == ((api, kind) in WRITTEN)
    if kind != "Namespace":  # azure.admit gives that
        group, _, version = api.rpartition("/")
        plural = f"{kind.lower()}{'es' if kind.endswith('s') else 's'}".replace("ys", "ies")
        asked = RequestedAction(group, plural, "vote-dev", "x", "", "PATCH")
        permitted = built_in()["a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb"]["dataActions"]
        assert any(fnmatchcase(asked.action, action) for action in permitted) == ((api, kind) in WRITTEN)


def test_each_identity_may_refresh_its_own_application_and_patch_its_own_namespace(config):
    principals = {name: f"object-{name}" for name in access.identities(config).values()}
    objects = [
        *yaml.safe_load_all(kubernetes_roles.roles(config, principals)),
        *yaml.safe_load_all(kubernetes_roles.applications(config, principals)),
    ]
    rules = {
        (item["metadata"]["namespace"], item["metadata"]["name"]): item["rules"][0]
        for item in objects
        if item["kind"] == "Role"
    }
    users = {
        (item["metadata"]["namespace"], item["roleRef"]["name"]): {
            subject["name"] for subject in item["subjects"]
        }
        for item in objects
        if item["kind"] == "RoleBinding"
    }
    assert rules.keys() == users.keys()
    assert rules["vote-dev", "aks-flow"]["verbs"] == ["get", "patch"]
    assert users["vote-dev", "aks-flow"] == {"object-aks-flow-dev"}
    assert users["vote-production", "aks-flow"] == {
        "object-aks-flow-production",
        "object-aks-flow-production-undo",
    }
    assert rules["argocd", "aks-flow-dev"]["resourceNames"] == ["vote-dev"]
    assert users["argocd", "aks-flow-dev"] == {"object-aks-flow-dev"}
    assert "object-aks-flow-production-undo" in users["argocd", "aks-flow-production"]
    assert "object-aks-flow-plan" not in users["argocd", "aks-flow-read"]
    assert "object-aks-flow-publish" not in users["argocd", "aks-flow-read"]
    assert not any("secrets" in rule["resources"] for rule in rules.values())
