"""Argo CD brought to a cluster: the pinned manifest, and the project's objects."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from aks_flow.core.command import Result
from aks_flow.core.config import Config
from aks_flow.core.config.load import load
from aks_flow.core.config.previews import PreviewSettings
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Local
from aks_flow.gitops import argocd, preview_objects
from tests.unit.planned import Planned
from tests.unit.rendering import ROOT

MANIFEST = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: argocd-server}\n"
DIGEST = f"sha256:{hashlib.sha256(MANIFEST.encode()).hexdigest()}"
REPOSITORY = "https://git.example.com/team/vote.git"
IN_ARGOCD = "kubectl --context=c --namespace=argocd"
BY_SERVER = "--server-side --force-conflicts"
SERVER_SIDE = f"{BY_SERVER} --filename=-"
NAMESPACE = f"{IN_ARGOCD} get namespace/argocd --ignore-not-found --output=name"
DIFF = f"{IN_ARGOCD} diff {BY_SERVER} --concurrency=16 --filename=-"
APPLY = f"{IN_ARGOCD} apply {SERVER_SIDE}"
ROLLOUT = f"{IN_ARGOCD} rollout status deployment/argocd-server --timeout=180s"
DEFINED = f"kubectl --context=c get {argocd.DEFINITION} --ignore-not-found --output=name"


@pytest.fixture
def config(tmp_path) -> Config:
    """The project's own, for a cluster, with a copy of the manifests."""
    data = yaml.safe_load((ROOT / "invoke.yaml").read_text()) | {"target": "cluster"}
    data["targets"]["cluster"] |= {
        "registry": "registry.example.com",
        "context": "c",
        "repository": REPOSITORY,
    }
    shutil.copytree(ROOT / "manifests", tmp_path / "manifests")
    return load(data, tmp_path)


@pytest.fixture
def manifest(tmp_path) -> Path:
    file = tmp_path / "install.yaml"
    file.write_text(MANIFEST)
    return file


def test_the_manifest_is_taken_if_its_digest_is_the_one_given(manifest):
    assert argocd.fetch(str(manifest), DIGEST) == MANIFEST


def test_another_digest_is_refused(manifest):
    with pytest.raises(AksFlowError, match=f"its digest is {DIGEST}, not sha256:0000"):
        argocd.fetch(str(manifest), "sha256:0000")


def test_without_a_digest_the_one_that_was_found_is_told(manifest):
    with pytest.raises(AksFlowError, match=f"--digest {DIGEST}"):
        argocd.fetch(str(manifest), "")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(AksFlowError, match="nowhere.yaml: cannot be read: No such file"):
        argocd.fetch(str(tmp_path / "nowhere.yaml"), DIGEST)


def test_an_address_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr(argocd, "MANIFEST", "http://127.0.0.1:1/install.yaml")
    with pytest.raises(AksFlowError, match="127.0.0.1:1/install.yaml: cannot be downloaded"):
        argocd.fetch("", DIGEST)


def test_a_first_install_makes_the_namespace_applies_and_waits(config):
    differs = Result(1, b"+ everything", b"")
    created = f"{IN_ARGOCD} apply --filename=-"
    commands = Planned({NAMESPACE: "", created: "", DIFF: differs, APPLY: "", ROLLOUT: ""})
    assert argocd.install(commands, config, MANIFEST) is True
    assert commands.lines == [NAMESPACE, created, DIFF, APPLY, ROLLOUT]


def test_a_second_install_changes_nothing(config):
    commands = Planned({NAMESPACE: "namespace/argocd", DIFF: "", ROLLOUT: ""})
    assert argocd.install(commands, config, MANIFEST) is False


def test_another_namespace_than_the_manifests_is_refused_at_once(config):
    elsewhere = replace(config, gitops=replace(config.gitops, namespace="elsewhere"))
    with pytest.raises(AksFlowError, match="gitops.namespace: .* not into elsewhere"):
        argocd.install(Planned({}), elsewhere, MANIFEST)


def test_a_cluster_without_argo_cd_is_told_how_to_get_one(config):
    with pytest.raises(AksFlowError, match=r"no Argo CD in the cluster\. .*argocd.install"):
        argocd.apply_applications(Planned({DEFINED: ""}), config)


class Applying(Planned):
    """Renders with the real kubectl; everything else is planned."""

    def run(self, command):
        return Local().run(command) if "kustomize" in command.argv else super().run(command)


def test_the_objects_are_applied_and_kubectls_words_given_back(config):
    commands = Applying(
        {DEFINED: argocd.DEFINITION, "kubectl --context=c apply --filename=-": "a created\nb unchanged\n"}
    )
    assert argocd.apply_applications(commands, config) == ["a created", "b unchanged"]
    applied = json.loads(commands.ran[-1].stdin)
    assert applied["kind"] == "List" and REPOSITORY in json.dumps(applied)


def test_an_annotation_that_may_keep_a_commit_from_being_synced_is_told(config):
    file = config.root / "manifests/argocd/dev.yaml"
    paths = "argocd.argoproj.io/manifest-generate-paths"
    file.write_text(
        file.read_text().replace("metadata:\n", f"metadata:\n  annotations: {{{paths}: /dev}}\n", 1)
    )
    commands, told = Applying({DEFINED: argocd.DEFINITION, "kubectl --context=c apply --filename=-": ""}), []
    argocd.apply_applications(commands, config, tell=told.append)
    [line] = told
    assert line.startswith(f"Application/vote-dev: take out {paths}: ")


def test_an_older_argo_cd_is_told_from_other_refusals(config):
    """A name beside a kind, and `retry.refresh`, came with v3; kubectl has the server read strictly."""
    words = (
        b'Error from server (BadRequest): error when creating "STDIN": AppProject in version "v1alpha1" '
        b"cannot be handled as a AppProject: strict decoding error: "
        b'unknown field "spec.clusterResourceWhitelist[0].name"\n'
    )
    commands = Applying(
        {DEFINED: argocd.DEFINITION, "kubectl --context=c apply --filename=-": Result(1, b"", words)}
    )
    with pytest.raises(AksFlowError, match=r"does not know spec.*Whitelist\[0\].name: it is older"):
        argocd.apply_applications(commands, config)


def test_the_objects_name_the_targets_repository_branch_and_namespace(config):
    settings = replace(config, gitops=replace(config.gitops, branch="releases/a", namespace="cd"))
    objects = list(yaml.safe_load_all(argocd.objects(Local(), settings)))
    assert {item["metadata"]["namespace"] for item in objects} == {"cd"}
    [project] = [item for item in objects if item["kind"] == "AppProject"]
    assert project["spec"]["sourceRepos"] == [REPOSITORY]
    applications = {
        item["metadata"]["name"]: item["spec"] for item in objects if item["kind"] == "Application"
    }
    for name, environment in config.environments.items():
        spec = applications.pop(environment.namespace)
        path = f"{name}/overlays/{name}"
        assert spec["source"] == {"repoURL": REPOSITORY, "targetRevision": "releases/a", "path": path}
        assert spec["destination"]["namespace"] == environment.namespace
    assert applications == {}


def test_only_the_wanted_values_change_in_the_files(config):
    folder = config.root / "manifests" / "argocd"
    before = {file: file.read_text().splitlines() for file in folder.iterdir()}
    argocd.fill(folder, config, REPOSITORY)
    for file, lines in before.items():
        changed = [new for old, new in zip(lines, file.read_text().splitlines(), strict=True) if old != new]
        assert len(changed) <= 1 and all(REPOSITORY in line for line in changed), file.name


def test_an_application_that_is_not_the_environments_is_named(config):
    file = config.root / "manifests/argocd/dev.yaml"
    file.write_text(file.read_text().replace("namespace: vote-dev", "namespace: other"))
    with pytest.raises(AksFlowError, match=r"argocd/dev.yaml:\d+: `spec.destination.namespace` is other"):
        argocd.objects(Local(), config)


def test_an_environment_without_an_application_is_named(config):
    (config.root / "manifests/argocd/staging.yaml").unlink()
    with pytest.raises(AksFlowError, match=r"argocd/staging.yaml: the environment has no Application"):
        argocd.objects(Local(), config)


@pytest.mark.parametrize(
    ("origin", "repository"),
    [
        ("https://user:secret@git.example.com/vote.git", "https://git.example.com/vote.git"),
        ("git@git.example.com:vote.git", "git@git.example.com:vote.git"),
        ("ssh://git@git.example.com/vote.git", "ssh://git@git.example.com/vote.git"),
    ],
)
def test_without_a_configured_repository_it_is_the_one_of_origin(config, origin, repository):
    target = replace(config.targets["cluster"], repository="")
    settings = replace(config, targets={"cluster": target})
    commands = Planned({f"git -C {config.root} remote get-url origin": f"{origin}\n"})
    assert argocd.repository(commands, settings) == repository


def test_with_no_repository_at_all_the_key_is_named(config):
    target = replace(config.targets["cluster"], repository="")
    commands = Planned({f"git -C {config.root} remote get-url origin": Result(2, b"", b"")})
    with pytest.raises(AksFlowError, match="Set targets.cluster.repository"):
        argocd.repository(commands, replace(config, targets={"cluster": target}))


def test_a_refusal_of_the_server_is_passed_on(config):
    refused = Result(1, b"", b"error: no")
    commands = Applying({DEFINED: argocd.DEFINITION, "kubectl --context=c apply --filename=-": refused})
    with pytest.raises(CommandFailed, match="error: no"):
        argocd.apply_applications(commands, config)


HOSTED = {
    "https://github.com/team/vote.git": ("https://api.github.com/", "team", "vote"),
    "https://token@github.com/team/vote": ("https://api.github.com/", "team", "vote"),
    "git@github.com:team/vote.git": ("https://api.github.com/", "team", "vote"),
    "git@team.ghe.com:team/vote.git": ("https://api.team.ghe.com/", "team", "vote"),
    "ssh://git@github.example.com:22/team/vote.git": ("https://github.example.com/", "team", "vote"),
}
SETS = f"kubectl --context=c get {preview_objects.DEFINITION} --ignore-not-found --output=name"


@pytest.fixture(autouse=True)
def of_nobody(monkeypatch):
    """The rehearsal's workflows, which run these tests too, name theirs."""
    monkeypatch.delenv("GH_REPO", raising=False)


class KustomizeHere(Planned):
    """kubectl kustomize is real, all else planned."""

    def run(self, command):
        return Local().run(command) if "kustomize" in command.argv else super().run(command)


def with_previews(config, origin: str, definition: str = "there") -> tuple[Config, Planned]:
    folder = config.root / "manifests" / "argocd"
    template = (ROOT / "scripts/aks_flow/adopt/templates/previews.yaml").read_text()
    (folder / "previews.yaml").write_text(template.replace("PROJECT", "vote-preview"))
    text = (folder / "project.yaml").read_text().replace("name: vote\n", "name: vote-preview\n")
    (folder / "preview-project.yaml").write_text(text)
    asked = replace(config, previews=PreviewSettings("vote-preview"))
    return asked, KustomizeHere({f"git -C {config.root} remote get-url origin": origin, SETS: definition})


@pytest.mark.parametrize(("origin", "hosted"), HOSTED.items())
def test_pull_requests_get_an_application_set_of_origin_s(config, origin, hosted):
    asked, run = with_previews(config, origin)
    items = list(yaml.safe_load_all(argocd.objects(run, asked)))
    [applications] = [item for item in items if item["kind"] == "ApplicationSet"]
    assert applications["metadata"] == {"name": "vote-preview", "namespace": "argocd"}
    spec = applications["spec"]
    github = spec["generators"][0]["pullRequest"]["github"]
    assert (github["api"], github["owner"], github["repo"]) == hosted
    assert github["labels"] == ["preview"]
    template = spec["template"]
    assert (
        template["metadata"]["name"]
        == template["spec"]["destination"]["namespace"]
        == "vote-preview-{{.number}}"
    )
    source = template["spec"]["source"]
    assert source["path"] == "preview-{{.number}}/overlays/preview"
    assert (source["repoURL"], source["targetRevision"]) == (REPOSITORY, "gitops")
    project = next(item for item in items if item["metadata"]["name"] == template["spec"]["project"])
    assert project["spec"]["destinations"][0]["namespace"] == "vote-preview-*"


@pytest.mark.parametrize(
    ("named", "hosted"),
    {
        "github.localhost/rehearsal/vote": ("https://github.localhost/", "rehearsal", "vote"),
        "team/vote": ("https://api.github.com/", "team", "vote"),
    }.items(),
)
def test_the_repository_that_gh_is_told_comes_before_origin(config, monkeypatch, named, hosted):
    monkeypatch.setenv("GH_REPO", named)
    asked, run = with_previews(config, "/srv/git/vote.git")
    items = yaml.safe_load_all(argocd.objects(run, asked))
    [applications] = [item for item in items if item["kind"] == "ApplicationSet"]
    github = applications["spec"]["generators"][0]["pullRequest"]["github"]
    assert (github["api"], github["owner"], github["repo"]) == hosted


@pytest.mark.parametrize(
    ("origin", "definition", "why"),
    [
        ("/srv/git/vote.git", "there", "neither origin nor GH_REPO is a repository on GitHub"),
        ("", "there", "neither origin nor GH_REPO is a repository on GitHub"),
        ("https://github.com/team/vote", "", "no ApplicationSets"),
    ],
)
def test_where_argo_cd_could_make_none_the_rest_is_applied_and_it_says_why(config, origin, definition, why):
    asked, run = with_previews(config, origin, definition)
    told: list[str] = []
    assert "ApplicationSet" not in argocd.objects(run, asked, told.append)
    [reason] = told
    assert why in reason
    assert [str(command) for command in run.ran].count(f"git -C {config.root} remote get-url origin") == 1


def test_a_project_without_previews_is_told_nothing(config):
    told: list[str] = []
    argocd.objects(Local(), config, told.append)
    assert told == []
