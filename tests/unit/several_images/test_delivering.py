"""Two images through a push: rendered with a pin each, applied, written down, taken back."""

import json
from dataclasses import replace

import pytest
import yaml

from aks_flow.core.config.gates import Gates
from aks_flow.core.errors import AksFlowError
from aks_flow.image import digests
from aks_flow.push import planning
from aks_flow.push.apply import apply_plan
from aks_flow.push.artifacts import build_artifacts, read_artifacts
from aks_flow.push.history import rollback, store
from aks_flow.push.history.history import History
from aks_flow.push.history.revision import parse, secret
from aks_flow.push.plan import Leftovers
from aks_flow.push.request import PushRequest
from aks_flow.report import push as report
from tests.unit.push.revisions import entry, kept
from tests.unit.several_images.project import WEB, Programs, commit, delivery, digest, overlay, plan_ahead

REQUEST = PushRequest("dev")
PRESENT = "Namespace\tshop-dev\t7\t\t\t\nSecret\tredis-auth\t8\t\t\tpassword \n"


@pytest.fixture
def context(shop):
    return delivery(shop, Programs(kubectl_get=PRESENT, kubectl_diff="+image"))


def plan(context):
    return planning.make_plan(context, REQUEST, build_artifacts(context, REQUEST))


def images(manifest: str) -> dict[str, str]:
    """By container."""
    pods = [item["spec"]["template"]["spec"] for item in yaml.safe_load_all(manifest)]
    found = [container for pod in pods for container in pod["containers"] + pod.get("initContainers", [])]
    return {container["name"]: container["image"] for container in found}


def test_every_image_is_pinned_by_its_own_digest(context):
    made = plan(context)
    assert images(made.manifest) == {
        "web": str(made.image),
        "api": str(made.image.others["api"]),
        "migrate": str(made.image.others["api"]),
        "store": f"localhost:5000/team/postgres:16@{digest('postgres')}",
    }
    assert made.image.tag == made.image.others["api"].tag and made.new_image


def test_an_overlay_is_rendered_while_its_images_are_built(context):
    made, early = plan_ahead(context, REQUEST)
    assert made.new_image and made.image.is_published and early == made.manifest


def test_what_is_applied_is_what_was_planned(context):
    made = plan(context)
    context.run.answers["kubectl_apply"] = json.dumps({"kind": "List", "items": []})
    apply_plan(context, made)
    [applied] = [command.stdin for command in context.run.ran if "apply" in command.argv]
    assert images(applied) == images(made.manifest)


def test_a_plan_of_what_is_not_built_yet_names_both_images(context, shop, capsys):
    plan(context)
    commit(shop, {"services/api/main": "two"})
    made = planning.read_plan(context, REQUEST)
    assert made.new_image and images(made.manifest)["api"] == str(made.image.others["api"])
    report.show_plan(made, as_json=False)
    assert f"would deliver {made.image}, {made.image.others['api']} to dev" in capsys.readouterr().out


def test_what_a_going_namespace_had_is_no_history_of_what_comes_after_it(context, monkeypatch):
    past = History("dev", (entry(1, WEB),))
    monkeypatch.setattr(store, "read", lambda *_: past)
    assert planning.read_plan(context, REQUEST).basis.history == past
    context.run.answers["kubectl_get"] = "Namespace\tshop-dev\t7\t\t2026-01-01T00:00:00Z\t\n"
    made = planning.read_plan(context, REQUEST)
    assert made.changes.new_namespace and made.basis.ending
    assert (made.basis.history, made.changes.leftovers) == (History("dev"), Leftovers())


def test_the_artifacts_of_a_version_are_all_its_images(context):
    tag = build_artifacts(context, REQUEST).image.tag
    named = build_artifacts(context, PushRequest("dev", version=tag))
    assert named.image == read_artifacts(context, REQUEST).image
    assert named.image.others.keys() == {"api"}


def test_a_told_version_is_proven_by_the_digest_of_each_image_and_writes_nothing(context):
    image = build_artifacts(context, REQUEST).image
    told = digests.write(image, "web")
    assert told == f"web={image.digest},api={image.others['api'].digest}"
    ran, held = len(context.run.ran), dict(context.registry.held)
    for read in (build_artifacts, read_artifacts):
        assert read(context, PushRequest("dev", image.tag, told)).image == image
    assert (len(context.run.ran), context.registry.held) == (ran, held)


def test_a_told_version_whose_tag_was_moved_is_refused(context):
    image = build_artifacts(context, REQUEST).image
    told = digests.write(image, "web")
    context.registry.held[f"team/api:{image.tag}"] = digest("somebody else's")
    words = f"has version {image.tag} as {digest('somebody')[:7]}.*, and {image.others['api'].digest} was pub"
    with pytest.raises(AksFlowError, match=words):
        build_artifacts(context, PushRequest("dev", image.tag, told))


@pytest.mark.parametrize("told", ["latest", "sha256:0", f"store={digest('x')}", "web=", ","])
def test_what_is_no_digest_of_a_version_is_refused(context, told):
    with pytest.raises(AksFlowError, match="is not the digest of a version"):
        build_artifacts(context, PushRequest("dev", "1.1.0-alpha.1", told))


def test_a_told_version_is_not_told_from_the_history_again(context, shop):
    image = build_artifacts(context, REQUEST).image
    shop.git("tag", "v1.1.0")
    made = build_artifacts(context, PushRequest("dev", image.tag, digests.write(image, "web")))
    assert (made.image.tag, str(made.source.version)) == (image.tag, image.tag)


def test_an_environment_takes_what_it_admits_alone(context, shop):
    commit(shop, {"services/api/main": "two"})
    with pytest.raises(AksFlowError, match="production admits releases, and 1.1.0-alpha.* is none of them"):
        build_artifacts(context, PushRequest("production"))
    assert not context.run.ran
    with pytest.raises(AksFlowError, match="production admits releases, and 1.1.0-rc.1 is none of them"):
        read_artifacts(context, PushRequest("production", "1.1.0-rc.1", by_name=True))


def test_a_push_refuses_an_environment_with_gates_which_it_does_not_ask(context):
    environments = context.config.environments
    gated = {"dev": replace(environments["dev"], gates=Gates(approvals=1))}
    config = replace(context.config, environments=environments | gated)
    for read in (build_artifacts, read_artifacts):
        with pytest.raises(AksFlowError, match="dev has gates, and only the pull path asks them"):
            read(replace(context, config=config), REQUEST)
    assert not context.run.ran


def test_a_revision_keeps_all_images_and_goes_back_to_all(context):
    made = plan(context)
    revision = replace(entry(1, made.manifest), image=made.image)
    assert parse(kept(revision)) == revision
    assert "others" not in json.loads(json.loads(secret(entry(1, ""), "x").reveal())["stringData"]["about"])
    again = rollback.plan_of(context, "dev", parse(kept(revision)))
    assert (again.image, again.manifest) == (made.image, made.manifest)


CRON_JOB = """apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 3 * * *"
  jobTemplate: {spec: {template: {spec: {containers: [{name: dump, image: IMAGE}], restartPolicy: Never}}}}
"""
RESOURCES = "resources: [web.yaml, api.yaml, store.yaml, nightly.yaml]\n"


def with_nightly(image: str) -> dict[str, str]:
    """One more workload, whose image the overlay does not list."""
    return {
        "deploy/base/nightly.yaml": CRON_JOB.replace("IMAGE", image),
        "deploy/base/kustomization.yaml": RESOURCES,
    }


@pytest.mark.parametrize(
    "image",
    ["busybox", "busybox:1.36", "registry.invalid/x:0@sha256:" + "0" * 64, "Not An Image", "postgres:16"],
    ids=["no tag", "a tag", "a placeholder", "no reference", "not listed"],
)
def test_an_image_that_nothing_pins_is_refused_at_plan_with_the_way_to_pin_it(context, shop, image):
    commit(shop, with_nightly(json.dumps(image)))
    artifacts = build_artifacts(context, REQUEST)
    words = (
        rf"(?s)dev/kustomization.yaml: nothing pins .*cronjob/nightly runs {image}.*`app.images`.*its digest"
    )
    with pytest.raises(AksFlowError, match=words):
        planning.make_plan(context, REQUEST, artifacts)
    assert not any("diff" in line for line in context.run.lines("kubectl"))


def test_an_image_with_a_digest_of_its_own_is_pinned(context, shop):
    commit(shop, with_nightly(f"busybox@{digest('busybox')}"))
    assert f"busybox@{digest('busybox')}" in plan(context).manifest


def test_an_overlay_that_does_not_list_one_of_the_images_is_refused(context, shop):
    commit(shop, {"deploy/overlays/dev/kustomization.yaml": overlay("shop-dev", "web", "store")})
    with pytest.raises(AksFlowError, match="(?s)nothing pins.*deployment/api runs api\n"):
        plan(context)


def test_a_listed_image_that_the_registry_lacks_is_refused_at_plan(context):
    plan(context)
    del context.registry.held["team/postgres:16"]
    with pytest.raises(AksFlowError, match="team/postgres:16: the registry has no copy.*image.mirror"):
        planning.read_plan(context, REQUEST)
