"""Two images through the GitOps branch: both pins in one commit, promoted and taken back together."""

from dataclasses import replace

import pytest
import yaml

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import source
from aks_flow.gitops import deliver, promote, undo
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.branch.init import init_branch
from aks_flow.gitops.outcome import UNCHANGED, WRITTEN
from aks_flow.gitops.wait.awaited_commit import AwaitedCommit
from aks_flow.gitops.wait.lineage import REACHED, REPLACED, tracer
from aks_flow.gitops.wait.watch import named_by
from aks_flow.image import build, digests
from aks_flow.rollout.verdict.objects import NamespaceObjects
from tests.unit.gitflow.repository import Repository
from tests.unit.several_images.project import API, commit, delivery, digest


@pytest.fixture
def context(shop):
    """A delivery of the shop whose remote has a GitOps branch."""
    remote = shop.path.parent / "remote.git"
    shop.git("init", "--quiet", "--bare", remote)
    shop.git("remote", "set-url", "origin", remote)
    shop.git("push", "--quiet", "origin", "main", "develop", "v1.0.0")
    made = delivery(shop)
    init_branch(open_branch(made.run, made.config))
    return made


def publish(context, shop, files=None):
    if files:
        commit(shop, files)
    return build.ensure(context, source.read(context.run, shop.path, {})).images


def written(shop, environment="dev") -> dict[str, str]:
    """The branch's pins by name, read by other eyes than the flow's."""
    remote = Repository(shop.path.parent / "remote.git")
    text = remote.git("show", f"gitops:{environment}/overlays/{environment}/kustomization.yaml")
    return {
        entry["name"]: f"{entry['newName']}:{entry['newTag']}@{entry['digest']}"
        for entry in yaml.safe_load(text)["images"]
    }


def commits(shop) -> int:
    return int(Repository(shop.path.parent / "remote.git").git("rev-list", "--count", "gitops"))


def test_one_commit_pins_all_images(context, shop):
    image, before = publish(context, shop), commits(shop)
    outcome = deliver.deliver(context, "dev")
    assert outcome.status == WRITTEN and commits(shop) == before + 1
    pins = written(shop)
    assert (pins["web"], pins["api"]) == (str(image), str(image.others["api"]))
    trailers = Repository(shop.path.parent / "remote.git").git("log", "-1", "--format=%(trailers)", "gitops")
    assert f"With: {image.others['api']}" in trailers and f"Digest: {image.digest}" in trailers
    assert deliver.deliver(context, "dev").status == UNCHANGED


def test_a_told_version_is_written_as_of_the_commit_that_is_checked_out(context, shop):
    commit(shop, {"services/api/main": "one"})
    image = publish(context, shop, {"services/api/main": "two"})
    shop.git("tag", "v2.0.0", "HEAD~1")  # by now the commit would have another version
    told = digests.write(image, "web")
    assert deliver.deliver(context, "dev", image.tag, told).status == WRITTEN
    assert written(shop)["api"] == str(image.others["api"])
    trailers = Repository(shop.path.parent / "remote.git").git("log", "-1", "--format=%(trailers)", "gitops")
    assert f"Source-Commit: {shop.git('rev-parse', 'HEAD')}" in trailers


def test_what_was_published_later_is_not_delivered_instead_of_what_was_told(context, shop):
    first = publish(context, shop, {"services/api/main": "one"})
    told = digests.write(first, "web")
    context.registry.held |= {"team/web:999.0.0": first.digest, "team/api:999.0.0": first.digest}
    deliver.deliver(context, "dev", first.tag, told)
    assert written(shop)["web"] == str(first.with_tag(first.tag, first.digest))
    context.registry.held[f"team/web:{first.tag}"] = digest("moved")
    with pytest.raises(AksFlowError, match=f"has version {first.tag} as sha256:.*, and {first.digest} was"):
        deliver.deliver(context, "dev", first.tag, told)
    with pytest.raises(AksFlowError, match="a digest needs its version"):
        deliver.deliver(context, "dev", digest=told)


def test_a_version_of_a_work_tree_with_changes_has_no_manifests_to_write(context):
    with pytest.raises(AksFlowError, match="its manifests are in no commit. Commit them"):
        deliver.deliver(context, "dev", "1.1.0-alpha.1.dirty.0123456789ab")


def test_another_image_of_the_same_web_is_another_state(context, shop):
    first = publish(context, shop)
    deliver.deliver(context, "dev")
    second = publish(context, shop, {"services/api/main": "two"})
    assert second.digest == first.digest
    assert deliver.deliver(context, "dev").status == WRITTEN
    assert written(shop)["api"] == str(second.others["api"])
    undo.undo(context, "dev")
    assert written(shop)["api"] == str(first.others["api"])


def test_a_promotion_brings_both_digests(context, shop):
    image = publish(context, shop)
    deliver.deliver(context, "dev")
    promotion = promote.read(context, "dev", "production")
    assert promote.write(promotion).status == WRITTEN
    assert written(shop, "production") == written(shop)
    assert promotion.image == image


def test_a_version_that_one_of_them_lacks_is_not_written(context, shop):
    image, before = publish(context, shop), commits(shop)
    context.run.ran.clear()
    del context.registry.held[f"team/api:{image.tag}"]
    with pytest.raises(AksFlowError, match="team/api: the registry has no version"):
        deliver.deliver(context, "dev")
    assert commits(shop) == before


def test_an_image_that_no_workload_runs_is_not_written_as_if_it_did(context, shop):
    publish(context, shop, {"deploy/base/kustomization.yaml": "resources: [web.yaml, store.yaml]\n"})
    with pytest.raises(AksFlowError, match="render without .*api.*Let a workload's `image` be api"):
        deliver.deliver(context, "dev")


def test_an_image_that_nothing_pins_is_not_written(context, shop):
    text = API.replace("image: api, command", "image: busybox, command")
    publish(context, shop, {"deploy/base/api.yaml": text})
    with pytest.raises(AksFlowError, match="(?s)nothing pins.*deployment/api runs busybox"):
        deliver.deliver(context, "dev")


def test_what_is_awaited_is_all_images(context, shop):
    publish(context, shop)
    first = deliver.deliver(context, "dev")
    branch = open_branch(context.run, context.config, history=True)
    awaited = AwaitedCommit("dev", first.commit, branch.state(branch.tip(), "dev").image)
    publish(context, shop, {"services/api/main": "two"})
    second = deliver.deliver(context, "dev")
    trace = tracer(branch, awaited)
    assert (trace(first.commit).kind, trace(second.commit).kind) == (REACHED, REPLACED)


def test_the_deployment_s_image_is_held_against_the_one_of_its_repository(context, shop):
    image = publish(context, shop)
    container = {"name": "anything", "image": str(image.others["api"])}
    template = {"spec": {"containers": [container]}}
    deployment = {"kind": "Deployment", "metadata": {"name": "web"}, "spec": {"template": template}}
    named = named_by(NamespaceObjects([deployment]), "web")
    assert image.member_of(named) == named
    assert image.member_of(replace(named, repository="team/other")) == image
