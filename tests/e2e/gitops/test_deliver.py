"""Deliveries to a real bare repository."""

import re

import pytest
import yaml

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops.branch.branch import MissingBranch, open_branch
from aks_flow.gitops.deliver import deliver
from aks_flow.gitops.folder.render import TRANSFORMER, rendered
from aks_flow.image import names
from aks_flow.manifests import render
from aks_flow.manifests.sync_waves import prune_option
from tests.e2e.gitops.world import ROOT, git
from tests.unit.gitops.objects import digest

DEV = "manifests/overlays/dev/kustomization.yaml"
STATEFUL_SET, NAMESPACE = "manifests/base/redis/stateful-set.yaml", "manifests/base/namespace.yaml"


def test_the_newest_admitted_version_becomes_the_pin(world):
    world.publish("0.1.0-alpha.9", "0.1.0-alpha.10")
    outcome = deliver(world.context, "dev")
    assert (outcome.status, outcome.commit, world.pin()) == ("written", world.tip(), "0.1.0-alpha.10")
    assert str(outcome) == f"dev: 0.1.0-alpha.10 delivered, commit {world.tip()[:12]}"


def test_the_folder_is_the_source_s_manifests_with_the_pins_and_what_is_kept(world):
    world.publish("0.1.0-alpha.1")
    deliver(world.context, "dev")
    source, branch = f"{git(world.clone, 'rev-parse', 'HEAD')}:manifests", "refs/heads/gitops:dev"
    git(world.clone, "fetch", "origin", "gitops:refs/heads/gitops")
    assert git(world.clone, "diff", f"{source}/base", f"{branch}/base") == ""
    changed = git(world.clone, "diff", "--numstat", f"{source}/overlays/dev", f"{branch}/overlays/dev")
    kept = len(TRANSFORMER.splitlines()) + 2  # a comment, and the item of its list
    assert changed.split() == [str(5 + kept), "4", "kustomization.yaml"]
    assert git(world.remote, "ls-tree", "--name-only", "refs/heads/gitops:dev/overlays") == "dev\npreview"
    redis = names.copy_of(world.context.config, world.context.config.images["redis"].source)
    pin = f"digest: {digest(f'redis:{redis.tag}')}"
    assert pin in world.show("dev/overlays/dev/kustomization.yaml")


def test_what_holds_data_is_not_pruned_though_the_team_says_nothing_of_it(world):
    """Argo CD reads the option of the object in the cluster, once the commit that forgets it comes."""
    texts = {name: (ROOT / name).read_text() for name in (STATEFUL_SET, NAMESPACE)}
    said = "    argocd.argoproj.io/sync-options: Prune=false # a commit that forgets it takes nothing away\n"
    silent = {name.replace("/", "__"): text.replace(said, "    team: vote\n") for name, text in texts.items()}
    world.commit("Say nothing", **silent)
    world.publish("0.1.0-alpha.1")
    deliver(world.context, "dev")
    branch = open_branch(world.run, world.config)
    items = render.objects(rendered(branch, branch.state(branch.tip(), "dev").tree, "dev"))
    kept = {item["kind"] for item in items if prune_option(item["metadata"].get("annotations"))}
    assert kept == {"Namespace", "StatefulSet", "ConfigMap"}  # the last: the sample's generator says so


def test_the_same_version_again_is_unchanged_and_makes_no_commit(world):
    world.publish("0.1.0-alpha.1")
    deliver(world.context, "dev")
    before = world.commits()
    assert str(deliver(world.context, "dev")) == "dev: unchanged: it has 0.1.0-alpha.1"
    assert world.commits() == before


def test_an_older_version_is_superseded(world):
    world.publish("0.1.0-alpha.9", "0.1.0-alpha.10")
    deliver(world.context, "dev")
    before = world.tip()
    assert str(deliver(world.context, "dev", "0.1.0-alpha.9")) == "dev: superseded by 0.1.0-alpha.10"
    assert world.tip() == before


def test_the_trailers_say_where_it_came_from(world, monkeypatch):
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
    monkeypatch.setenv("GITHUB_REPOSITORY", "team/vote")
    monkeypatch.setenv("GITHUB_RUN_ID", "7")
    world.publish("0.1.0-alpha.1")
    deliver(world.context, "dev")
    assert world.trailers().splitlines() == [
        "Environment: dev",
        "Image: localhost:5050/front:0.1.0-alpha.1",
        f"Digest: {digest('front:0.1.0-alpha.1')}",
        f"Source-Commit: {git(world.clone, 'rev-parse', 'HEAD')}",
        "Run: https://github.com/team/vote/actions/runs/7",
    ]


def test_changed_manifests_travel_with_their_version(world):
    world.publish("0.1.0-alpha.1")
    deliver(world.context, "dev")
    world.commit("More", manifests__base__front__front__env="OPTION_A=tea\n")
    base = world.clone / "manifests" / "base" / "front" / "service.yaml"
    base.write_text(base.read_text().replace("port: 80", "port: 8080"))
    world.commit("Another port")
    world.publish("0.1.0-alpha.3")
    deliver(world.context, "dev")
    assert "port: 8080" in world.show("dev/base/front/service.yaml")


def test_environments_leave_each_other_s_folders_alone(world):
    world.publish("0.1.0-rc.1", "0.1.0-alpha.1")
    deliver(world.context, "staging")
    staging = git(world.remote, "rev-parse", "refs/heads/gitops:staging")
    deliver(world.context, "dev")
    assert git(world.remote, "rev-parse", "refs/heads/gitops:staging") == staging


def test_the_person_s_repository_is_left_as_it_was(world):
    world.publish("0.1.0-alpha.1")
    (world.clone / "scratch").write_text("mine")
    (world.clone / "manifests" / "base" / "namespace.yaml").write_text("edited: true\n")

    def seen():
        return [
            git(world.clone, *words)
            for words in (("status", "--porcelain"), ("for-each-ref",), ("stash", "list"))
        ]

    before, files = seen(), sorted(path.name for path in (world.clone / ".git").iterdir())
    assert deliver(world.context, "dev").status == "written"
    assert seen() == before
    assert sorted(path.name for path in (world.clone / ".git").iterdir()) == files
    assert "edited" not in world.show("dev/base/namespace.yaml")


@pytest.mark.parametrize("flags", [("--depth=1",), ("--depth=1", "--no-checkout"), ()], ids=" ".join)
def test_shallow_and_full_clones_write_alike(world, flags):
    world.commit("Second")
    world.publish("0.1.0-alpha.1")
    deliver(world.context, "dev")
    other = world.cloned("other", *flags)
    other.publish("0.1.0-alpha.2")
    assert deliver(other.context, "dev").status == "written"
    assert world.pin() == "0.1.0-alpha.2"


def test_a_detached_head_and_a_worktree_write_too(world):
    git(world.clone, "worktree", "add", "--quiet", "--detach", world.folder / "tree")
    world.clone = world.folder / "tree"
    world.publish("0.1.0-alpha.1")
    assert deliver(world.context, "dev").status == "written"


def test_without_an_admitted_version_nothing_is_written(world):
    world.publish("0.1.0-rc.1", "0.1.0-alpha.1")
    before = world.tip()
    with pytest.raises(AksFlowError, match=r"no version that production admits \(releases\)"):
        deliver(world.context, "production")
    with pytest.raises(AksFlowError, match="production admits releases, and 0.1.0-rc.1 is none.*promote"):
        deliver(world.context, "production", "0.1.0-rc.1")
    assert world.tip() == before


REFUSED = {
    "unknown environment": (
        ("produktion",),
        "there is no environment 'produktion'.*Did you mean 'production'",
    ),
    "version not published": (("dev", "0.1.0-alpha.7"), "the registry has no version 0.1.0-alpha.7"),
    "not a version": (("dev", "newest"), "'newest' is not a version"),
}


@pytest.mark.parametrize(("words", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_request_is_one_sentence_and_no_commit(world, words, sentence):
    world.publish("0.1.0-alpha.1")
    before = world.tip()
    with pytest.raises(AksFlowError, match=sentence):
        deliver(world.context, *words)
    assert world.tip() == before


def test_a_missing_branch_names_the_task_that_makes_it(bare_world):
    bare_world.publish("0.1.0-alpha.1")
    with pytest.raises(MissingBranch, match=r"there is no branch gitops.*gitops\.init"):
        deliver(bare_world.context, "dev")


OVERLAY = "manifests/overlays/dev/kustomization.yaml"
BROKEN = {
    "malformed": (lambda text: text + "\n  - [", "not YAML"),
    "two entries": (lambda text: text + "  - name: front\n    newTag: x\n", "`front` matches"),
    "no entry": (lambda text: text.replace("- name: front", "- name: back"), "no image is called `front`"),
    "not rendered": (lambda text: text.replace("../../base\n", "../../gone\n", 1), "do not render"),
    "two keys": (lambda text: text + "resources: []\n", "the key `resources` is already given"),
}


@pytest.mark.parametrize(("damage", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_broken_overlay_is_named_and_never_written(world, damage, sentence):
    text = (ROOT / OVERLAY).read_text()
    world.commit("Break it", **{OVERLAY.replace("/", "__"): damage(text)})
    world.publish("0.1.0-alpha.2")
    before = world.tip()
    with pytest.raises(AksFlowError, match=sentence) as refused:
        deliver(world.context, "dev")
    assert re.search(r"overlays/dev/kustomization\.yaml|source commit", str(refused.value))
    assert world.tip() == before


def test_a_pin_that_no_workload_uses_is_never_written(world):
    deployment = ROOT / "manifests/base/front/deployment.yaml"
    text = deployment.read_text().replace("image: front\n", "image: registry.invalid/other:1\n")
    world.commit("Name the image", **{"manifests__base__front__deployment.yaml": text})
    world.publish("0.1.0-alpha.2")
    with pytest.raises(AksFlowError, match="the manifests of dev render without localhost:5050/front:0.1.0"):
        deliver(world.context, "dev")


def test_a_pin_that_is_no_version_is_named_rather_than_overwritten(world):
    world.publish("0.1.0-alpha.1")
    deliver(world.context, "dev")
    other = world.folder / "context"
    git(world.folder, "clone", "--quiet", "--branch=gitops", world.remote, other)
    file = other / "dev/overlays/dev/kustomization.yaml"
    file.write_text(file.read_text().replace("0.1.0-alpha.1", "latest"))
    git(other, "commit", "--quiet", "--all", "-m", "By hand")
    git(other, "push", "--quiet")
    world.publish("0.1.0-alpha.2")
    with pytest.raises(AksFlowError, match="gitops:dev/overlays/dev/kustomization.yaml: the pin is .*latest"):
        deliver(world.context, "dev")


def test_a_kind_that_argo_cd_would_refuse_is_refused_before_anything_is_written(world):
    project = (ROOT / "manifests" / "argocd" / "project.yaml").read_text()
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "migrate", "annotations": {"argocd.argoproj.io/hook": "PreSync"}},
        "spec": {
            "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "front"}]}}
        },
    }
    overlay = yaml.safe_load((world.clone / DEV).read_text())
    overlay["resources"].append("migrate.yaml")
    files = {"manifests/argocd/project.yaml": project, DEV: yaml.safe_dump(overlay)}
    files[DEV.replace("kustomization", "migrate")] = yaml.safe_dump(job)
    world.commit("A hook", **{name.replace("/", "__"): text for name, text in files.items()})
    world.publish("0.1.0-alpha.1")
    tip = world.tip()
    with pytest.raises(AksFlowError, match="Argo CD would refuse Job/migrate") as refused:
        deliver(world.context, "dev")
    assert '{group: "batch", kind: Job}' in refused.value.next_step and world.tip() == tip
