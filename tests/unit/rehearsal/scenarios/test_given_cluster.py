"""A rehearsal on a given cluster: names of its own, and nothing of anyone else's touched."""

import json
from dataclasses import replace

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.config.target import Target
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.scenarios import given_cluster
from aks_flow.rehearsal.scenarios.given_cluster import namespaces, own_clone
from aks_flow.rehearsal.scenarios.given_cluster.renaming import Renaming
from aks_flow.rehearsal.standins.identity import LABEL, identity
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, contexts
from tests.unit.gitflow.repository import Repository
from tests.unit.planned import Planned

RENAMING = Renaming({"shop": "rehearse-1-dev", "shop-live": "rehearse-1-live"}, "rehearse-1")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("namespace: shop\nresources: [a]\n", "namespace: rehearse-1-dev\nresources: [a]\n"),
        ("namespace: 'shop-live' # live\n", "namespace: rehearse-1-live # live\n"),
        ("namespace: shopping\n", "namespace: shopping\n"),
        ("kind: Namespace\nmetadata: {name: shop}\n", "kind: Namespace\nmetadata: {name: rehearse-1-dev}\n"),
        (
            "kind: Deployment\nmetadata: {name: shop, namespace: shop}\n",
            "kind: Deployment\nmetadata: {name: shop, namespace: rehearse-1-dev}\n",
        ),
        (
            "kind: Service\nmetadata: {name: shop}\n---\nkind: Namespace\nmetadata: {name: shop}\n",
            "kind: Service\nmetadata: {name: shop}\n---\nkind: Namespace\nmetadata: {name: rehearse-1-dev}\n",
        ),
        (
            "kind: Application\nmetadata: {name: shop}\n"
            "spec: {project: shop, destination: {namespace: shop}}\n",
            "kind: Application\nmetadata: {name: rehearse-1-dev}\n"
            "spec: {project: rehearse-1, destination: {namespace: rehearse-1-dev}}\n",
        ),
        (
            "kind: AppProject\nmetadata: {name: any}\nspec: {destinations: [{namespace: shop}]}\n",
            "kind: AppProject\nmetadata: {name: rehearse-1}\n"
            "spec: {destinations: [{namespace: rehearse-1-dev}]}\n",
        ),
        *[
            (
                f"kind: AppProject\nspec:\n  clusterResourceWhitelist: [{{kind: {kind}, {named}}}]\n",
                f"kind: AppProject\nspec:\n  clusterResourceWhitelist: [{{kind: {kind}, {renamed}}}]\n",
            )
            for kind, named, renamed in [
                ("Namespace", "name: shop*", "name: rehearse-1-*"),
                ("Namespace", "name: shop-live", "name: rehearse-1-live"),
                ("Namespace", "name: '*'", "name: '*'"),
                ("Namespace", "group: ''", "group: ''"),
                ("ClusterRole", "name: shop*", "name: shop*"),
            ]
        ],
        (
            "subjects: [{kind: ServiceAccount, name: x, namespace: shop-live}]\n",
            "subjects: [{kind: ServiceAccount, name: x, namespace: rehearse-1-live}]\n",
        ),
        ("url: http://db.shop.svc:5432/shop\n", "url: http://db.rehearse-1-dev.svc:5432/shop\n"),
        (
            "HOST=db.shop.svc.cluster.local\nX=a.shop.io\n",
            "HOST=db.rehearse-1-dev.svc.cluster.local\nX=a.shop.io\n",
        ),
        (
            "{{ if .x }}\nnamespace: shop\n{{ end }}\nhost: db.shop.svc\n",
            "{{ if .x }}\nnamespace: shop\n{{ end }}\nhost: db.rehearse-1-dev.svc\n",
        ),
        ("", ""),
        ("- just: [a, list]\n", "- just: [a, list]\n"),
        ("namespace: {shop: shop}\n", "namespace: {shop: shop}\n"),
    ],
)
def test_only_what_names_a_namespace_gets_another_name(before, after):
    assert RENAMING.applied(before) == after


def at_cluster(config, **target):
    there = Target("registry.example/team", **target)
    return replace(config, target="cluster", targets={**config.targets, "cluster": there}).wholly_at(
        "cluster"
    )


def knowing(config, *names: str) -> Planned:
    asked = contexts.names(Kubectl.at(config.destination))
    return Planned({str(asked): "".join(f"{name}\n" for name in names)})


def test_all_that_is_made_there_has_names_of_the_rehearsal_s_own(config):
    config = at_cluster(config, repository="https://git.example/shop.git")
    given = given_cluster.read(knowing(config, "kind-a", "kind-b"), config, "kind-b")
    own, name = given.config, f"rehearse-{identity(config)}"
    assert own.destination.context == "kind-b" and own.gitops.branch == name
    assert own.destination.registry == f"registry.example/team/{name}"
    assert [item.namespace for item in own.environments.values()] == [
        f"{name}-dev",
        f"{name}-staging",
        f"{name}-production",
    ]
    assert given.renaming == Renaming(
        {
            "vote-dev": f"{name}-dev",
            "vote-staging": f"{name}-staging",
            "vote-production": f"{name}-production",
        },
        name,
    )


def test_a_context_that_is_not_there_is_refused_with_those_that_are(config):
    config = at_cluster(config, repository="x")
    with pytest.raises(
        AksFlowError, match="has no context 'kind-k'; it has kind-a, kind-b. Did you mean"
    ) as said:
        given_cluster.read(knowing(config, "kind-a", "kind-b"), config, "kind-k")
    assert "kind-" in said.value.next_step


def test_a_cluster_behind_another_host_is_refused(config):
    with pytest.raises(AksFlowError, match="targets.cluster.via: a rehearsal cannot go through another host"):
        given_cluster.read(Planned({}), at_cluster(config, via="me@jump"), "any")


class FakeCluster(Local):
    """Namespaces and their labels, for kubectl's create, get and delete of them."""

    def __init__(self, **labels: dict):
        self.namespaces = {name.replace("_", "-"): given for name, given in labels.items()}

    def run(self, command: Command) -> Result:
        words = [word for word in command.argv[1:] if not word.startswith("--")]
        items = [] if words[0] == "get" else json.loads(command.stdin)["items"]
        for item in items:
            name = item["metadata"]["name"]
            if words[0] == "create":
                assert name not in self.namespaces
                self.namespaces[name] = item["metadata"]["labels"]
            else:
                self.namespaces.pop(name, None)
        listed = [{"metadata": {"name": name, "labels": given}} for name, given in self.namespaces.items()]
        return Result(0, json.dumps({"kind": "List", "items": listed}).encode(), b"")


def context_at(config, run) -> DeliveryContext:
    return DeliveryContext(run, None, at_cluster(config), Steps(Silent()))


def test_namespaces_are_made_and_removed_also_if_the_story_fails(config):
    cluster = FakeCluster(default={})
    with pytest.raises(KeyError), namespaces.made(context_at(config, cluster), "id", ["a", "b"]):
        assert cluster.namespaces == {"default": {}, "a": {LABEL: "id"}, "b": {LABEL: "id"}}
        raise KeyError
    assert cluster.namespaces == {"default": {}}


def test_what_a_killed_run_left_is_made_anew(config):
    cluster = FakeCluster(a={LABEL: "id", "kept": "no"})
    with namespaces.made(context_at(config, cluster), "id", ["a"]):
        assert cluster.namespaces == {"a": {LABEL: "id"}}


@pytest.mark.parametrize("labels", [{}, {LABEL: "another"}, None])
def test_somebody_else_s_namespace_is_left_alone(config, labels):
    cluster = FakeCluster(a=labels)
    made = namespaces.made(context_at(config, cluster), "id", ["a"])
    with pytest.raises(AksFlowError, match="^a: is there, and was not made by this rehearsal"), made:
        pass
    assert cluster.namespaces == {"a": labels}


def test_the_clone_has_one_commit_on_top_and_the_work_tree_stays(repo, config):
    overlay = "manifests/overlays/dev/kustomization.yaml"
    for file, text in {overlay: "namespace: vote-dev\n", "src/Dockerfile": "# namespace: vote-dev\n"}.items():
        (repo.path / file).parent.mkdir(parents=True, exist_ok=True)
        repo.commit(file, text)
    (repo.path / "manifests" / "logo.png").write_bytes(b"\xff\x00")
    repo.commit("manifests/logo.png", "")
    context, head = context_at(replace(config, root=repo.path), Local()), repo.git("rev-parse", "HEAD")
    context.config.state.mkdir()
    clone = Repository(own_clone.make(context, Renaming({"vote-dev": "mine"}, "p")))
    assert clone.git("diff", "--name-only", head) == overlay
    assert (clone.path / overlay).read_text() == "namespace: mine\n"
    assert clone.git("rev-parse", "HEAD~1") == repo.git("rev-parse", "HEAD") == head
    again = Repository(own_clone.make(context, Renaming({}, "p")))
    assert again.git("rev-parse", "HEAD") == head, "made anew, and nothing has to be renamed"
