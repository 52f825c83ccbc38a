"""Plain manifests and charts, on both paths: what is read, how pins get in, what the GitOps branch has."""

import copy
from dataclasses import replace

import pytest
import yaml

from aks_flow.core.config.load import load
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import by_name
from aks_flow.core.runner import NotInstalled
from aks_flow.gitflow import source
from aks_flow.gitops import argocd, deliver, promote, undo
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.branch.init import init_branch
from aks_flow.gitops.outcome import UNCHANGED, WRITTEN
from aks_flow.gitops.wait import awaited_commit
from aks_flow.image import build, mirror
from aks_flow.manifests import render
from aks_flow.manifests.origins import render_with_origins
from aks_flow.manifests.render_request import RenderRequest
from aks_flow.push import planning
from aks_flow.push.artifacts import build_artifacts
from aks_flow.push.request import PushRequest
from tests.unit.gitflow.repository import Repository
from tests.unit.several_images.project import (
    SETTINGS,
    Programs,
    commit,
    delivery,
    digest,
    overlay,
    plan_ahead,
)
from tests.unit.several_images.shapes import FILES, WithHelm, shaped

SHAPES = tuple(FILES)
STORE = f"localhost:5000/team/postgres:16@{digest('postgres')}"


@pytest.fixture(params=SHAPES)
def shape(request) -> str:
    return request.param


@pytest.fixture
def context(shop, shape):
    """A delivery whose remote has a GitOps branch."""
    remote = shop.path.parent / "remote.git"
    shop.git("init", "--quiet", "--bare", remote)
    shop.git("remote", "set-url", "origin", remote)
    made = shaped(shop, shape, WithHelm(kubectl_diff="+image"))
    init_branch(open_branch(made.run, made.config))
    return made


def publish(context):
    return build.ensure(context, source.read(context.run, context.config.root, {})).images


def request(context, environment: str = "dev", **images) -> RenderRequest:
    read = source.read(context.run, context.config.root, {})
    third_party = mirror.copies(context.registry, context.config)
    return RenderRequest(read.repo, read.tree, context.config, environment, third_party | images)


def containers(items: list[dict]) -> dict[str, str]:
    pods = [item["spec"]["template"]["spec"] for item in items if "template" in item.get("spec", {})]
    every = [one for pod in pods for one in pod["containers"] + pod.get("initContainers", [])]
    return {container["name"]: container["image"] for container in every}


def running(image) -> dict[str, str]:
    api = str(image.others["api"])
    return {"web": str(image).partition(" ")[0], "api": api, "migrate": api, "store": STORE}


def on_the_branch(shop, path: str) -> str:
    return Repository(shop.path.parent / "remote.git").git("show", f"gitops:{path}")


def test_a_push_applies_every_container_with_its_pin_in_the_environment_s_namespace(context):
    asked = PushRequest("dev")
    made = planning.make_plan(context, asked, build_artifacts(context, asked))
    items = render.objects(made.manifest)
    assert containers(items) == running(made.image)
    assert {item["metadata"].get("namespace", "shop-dev") for item in items} == {"shop-dev"}
    [web] = [item for item in items if (item["kind"], item["metadata"]["name"]) == ("Deployment", "web")]
    assert web["metadata"]["annotations"]["aks-flow/version"] == made.image.tag


def test_what_is_rendered_during_the_build_is_what_is_rendered_after_it(context, shop, shape):
    publish(context)
    commit(shop, {"services/api/main": "two"})
    made, early = plan_ahead(context, PushRequest("dev"))
    assert made.new_image and containers(render.objects(made.manifest)) == running(made.image)
    assert early == ("" if shape == "chart" else made.manifest)


def test_the_branch_has_the_text_that_is_applied_and_says_what_it_runs(context, shop):
    image = publish(context)
    assert deliver.deliver(context, "dev").status == WRITTEN
    names = Repository(shop.path.parent / "remote.git").git("ls-tree", "--name-only", "gitops:dev")
    assert names.split() == ["kustomization.yaml", "manifests.yaml"]
    written = list(yaml.safe_load_all(on_the_branch(shop, "dev/manifests.yaml")))
    assert containers(written) == running(image)
    kustomization = yaml.safe_load(on_the_branch(shop, "dev/kustomization.yaml"))
    assert [pin["name"] for pin in kustomization["images"]] == ["web", "api"]
    assert deliver.deliver(context, "dev").status == UNCHANGED


@pytest.mark.parametrize("applications", ["", "argocd", "ops/argo/shop"])
def test_a_kind_that_argo_cd_would_refuse_is_not_written(context, shop, applications):
    """Argo CD's objects of plain manifests and of charts are apart from them."""
    permits = [{"group": "", "kind": kind} for kind in ("ConfigMap", "Service")]
    project = {"kind": "AppProject", "spec": {"namespaceResourceWhitelist": permits}}
    (shop.path / "k8s/argocd/project.yaml").unlink(missing_ok=True)
    config = replace(context.config, gitops=replace(context.config.gitops, applications=applications))
    commit(shop, {f"{applications or 'k8s/argocd'}/project.yaml": yaml.safe_dump(project)})
    publish(context)
    with pytest.raises(AksFlowError, match="Argo CD would refuse Deployment/") as refused:
        deliver.deliver(replace(context, config=config), "dev")
    assert refused.value.where.startswith(f"{applications or 'k8s/argocd'}/project.yaml as of ")


def test_what_argo_cd_makes_of_the_folder_is_that_text(context):
    image = publish(context)
    deliver.deliver(context, "dev")
    branch = open_branch(context.run, context.config, history=True)
    awaited = awaited_commit.read(branch, "dev", "")
    assert awaited.image == image
    goal = awaited_commit.goal_of(branch, awaited, "shop-dev")
    assert {target.name for target in goal.targets} >= {"web", "api", "store"}


def test_the_way_back_and_a_promotion_find_the_pins(context, shop):
    first = publish(context)
    deliver.deliver(context, "dev")
    commit(shop, {"services/api/main": "two"})
    second = publish(context)
    deliver.deliver(context, "dev")
    assert promote.write(promote.read(context, "dev", "production")).image == second
    undo.undo(context, "dev")
    assert containers(list(yaml.safe_load_all(on_the_branch(shop, "dev/manifests.yaml")))) == running(first)


@pytest.mark.parametrize("shape", ["folders", "chart"], indirect=True)
def test_an_environment_has_what_is_its_own_and_nothing_of_another_s(context):
    images = by_name(publish(context), "web")
    for name in ("dev", "production"):
        text = render.render(context.run, request(context, name, **images))
        [settings_of_it] = [item for item in render.objects(text) if item["kind"] == "ConfigMap"]
        assert settings_of_it["data"] == {"tier": name}


@pytest.mark.parametrize("shape", ["flat"], indirect=True)
def test_plain_manifests_are_all_that_kubectl_apply_would_read_but_argo_cd_s_objects(context):
    items = render.objects(render.render(context.run, request(context, **by_name(publish(context), "web"))))
    kinds = sorted((item["kind"], item["metadata"]["name"]) for item in items)
    assert kinds == [
        ("Deployment", "api"),
        ("Deployment", "web"),
        ("Service", "api"),
        ("StatefulSet", "store"),
    ]


@pytest.mark.parametrize("shape", ["chart"], indirect=True)
def test_a_chart_is_handed_the_version_as_its_values_have_it(context):
    image = publish(context)
    items = render.objects(render.render(context.run, request(context, **by_name(image, "web"))))
    [web] = [item for item in items if item["kind"] == "Deployment" and item["metadata"]["name"] == "web"]
    labels = web["spec"]["template"]["metadata"]["labels"]
    assert labels["version"] == image.tag, "a label takes no digest"
    assert containers(items)["web"] == str(image).partition(" ")[0]


CONTAINER = "containers: [{name: web, image: other/web:1}]"
WRONG = {
    "flat": [
        (
            {"k8s/kustomization.yaml": "resources: [web.yaml]\n"},
            r"k8s/kustomization.yaml: plain manifests hold",
        ),
        ({"k8s/more/two.yaml": "a: b\n"}, r"(?s)k8s: the manifests of dev do not render:.*more/two.yaml"),
        ({"k8s/more/web.yaml": FILES["flat"]["k8s/web.yaml"]}, r"(?s)do not render:.*already registered id"),
        ({"k8s/web.yaml": ""}, r"k8s: the manifests of dev run no image called web. Let a container's"),
        (
            {
                "k8s/extra.yaml": FILES["flat"]["k8s/web.yaml"]
                .replace("name: web", "name: x")
                .replace("ghcr.io/", "ghcr.io/b/")
            },
            r"(?s)k8s: nothing pins.*deployment/x runs ghcr.io/b/web:latest.*as a `source` under `images`",
        ),
    ],
    "chart": [
        ({"charts/dev.yaml": "tier: {x: [}\n"}, r"^charts/dev.yaml: this is not YAML"),
        ({"charts/dev.yaml": "- x\n"}, r"^charts/dev.yaml: values are a mapping"),
        (
            {"charts/dev.yaml": "api: {image: }\n"},
            r"charts/shop: the chart's values have no image at `api.image`",
        ),
        (
            {"charts/shop/templates/x.yaml": "x: {{ .Values.nothing }}\n"},
            r"(?s)charts/shop: the chart does not render for dev:.*nil pointer.*nothing.*Correct the chart",
        ),
    ],
}


@pytest.mark.parametrize(
    ("shape", "files", "words"),
    [(shape, files, words) for shape, cases in WRONG.items() for files, words in cases],
    indirect=["shape"],
)
@pytest.mark.parametrize("path", ["push", "pull"])
def test_what_cannot_be_delivered_is_one_sentence_on_both_paths(context, shop, path, files, words):
    commit(shop, files)
    asked = PushRequest("dev")
    publish(context)
    with pytest.raises(AksFlowError, match=words) as raised:
        if path == "push":
            planning.make_plan(context, asked, build_artifacts(context, asked))
        else:
            deliver.deliver(context, "dev")
    assert raised.value.next_step
    assert "../project" not in str(raised.value), "of an overlay that nobody here has written"


@pytest.mark.parametrize("shape", ["chart"], indirect=True)
@pytest.mark.parametrize(
    ("gone", "key"),
    [("charts/dev.yaml", "environments.dev.values"), ("charts/shop", "app.render.chart")],
)
def test_what_the_commit_lacks_names_its_key(context, shop, gone, key):
    shop.git("rm", "--quiet", "-r", gone)
    shop.git("commit", "--quiet", "-m", "Remove it")
    with pytest.raises(AksFlowError, match=f"{gone}: there is no such file.*correct {key} in invoke.yaml"):
        render.render(context.run, request(context))


class WithoutHelm(Programs):
    def run(self, command):
        if command.argv[0] == "helm":
            raise NotInstalled("the program 'helm' is not installed", next_step="x")
        return super().run(command)


@pytest.mark.parametrize("shape", ["chart"], indirect=True)
def test_without_helm_it_says_what_to_install(context):
    here = replace(context, run=WithoutHelm())
    images = by_name(publish(context), "web")
    with pytest.raises(
        AksFlowError, match=r"Helm is not installed, .*Install Helm 3.9 or newer: https://helm.sh"
    ):
        render.render(here.run, request(context, **images))


def test_a_check_says_of_each_object_which_file_it_is_of(context, shape):
    files = {
        str(item.file.relative_to(context.config.root))
        for item in render_with_origins(context.run, context.config, "dev")
        if item.object["kind"] != "ConfigMap"
    }
    expected = {
        "flat": {"k8s/web.yaml", "k8s/api.json", "k8s/more/api.yml", "k8s/more/store.yaml"},
        "folders": {"k8s/web.yaml", "k8s/api.yaml", "k8s/store.yaml"},
        "chart": {f"charts/shop/templates/{name}.yaml" for name in ("web", "api", "store")},
    }
    assert files == expected[shape]


@pytest.fixture
def spread(shop):
    """The shop whose overlays are where the configuration says."""
    dev = overlay("shop-dev", "web", "api", "store").replace("../../base", "../../../base")
    live = overlay("shop", "web", "api", "store").replace("../../base", "../../../base")
    other = overlay("shop-qa", "web", "api", "store").replace("../../base", "../../../base")
    shop.git("rm", "--quiet", "-r", "deploy/overlays")
    overlays = {"dev": dev, "live": live, "qa": other}
    commit(shop, {f"deploy/clusters/eu/{name}/kustomization.yaml": text for name, text in overlays.items()})
    remote = shop.path.parent / "remote.git"
    shop.git("init", "--quiet", "--bare", remote)
    shop.git("remote", "set-url", "origin", remote)
    made = copy.deepcopy(SETTINGS)
    made["environments"] = {
        "dev": {"namespace": "shop-dev", "admits": "any", "overlay": "deploy/clusters/eu/dev"},
        "qa": {"namespace": "shop-qa", "admits": "any", "overlay": "deploy/clusters/eu/qa"},
        "production": {"namespace": "shop", "admits": "any", "overlay": "deploy/clusters/eu/live"},
    }
    context = replace(delivery(shop), config=load(made, shop.path))
    init_branch(open_branch(context.run, context.config))
    return context


@pytest.mark.parametrize(("environment", "folder"), [("dev", "dev"), ("production", "live")])
def test_an_overlay_is_wherever_the_configuration_says(spread, shop, environment, folder):
    image = publish(spread)
    text = render.render(spread.run, request(spread, environment, **by_name(image, "web")))
    assert containers(render.objects(text))["api"] == str(image.others["api"])
    assert deliver.deliver(spread, environment).status == WRITTEN
    branch = Repository(shop.path.parent / "remote.git")
    names = branch.git("ls-tree", "-r", "--name-only", f"gitops:{environment}").split()
    overlays = [name for name in names if "clusters" in name]
    assert overlays == [f"clusters/eu/{folder}/kustomization.yaml"], "no other environment's"
    assert deliver.deliver(spread, environment).status == UNCHANGED


def test_an_application_gets_the_path_of_what_is_rendered(context, shape, tmp_path):
    folder = tmp_path / "argocd"
    folder.mkdir()
    for name, environment in context.config.environments.items():
        (folder / f"{name}.yaml").write_text(
            f"metadata: {{name: {environment.namespace}}}\nspec:\n"
            "  source: {repoURL: x, targetRevision: x, path: x}\n"
            f"  destination: {{namespace: {environment.namespace}}}\n"
        )
    (folder / "project.yaml").write_text("spec: {sourceRepos: [x]}\n")
    (folder / "kustomization.yaml").write_text("namespace: x\n")
    argocd.fill(folder, context.config, "https://git.example.com/shop.git")
    assert yaml.safe_load((folder / "dev.yaml").read_text())["spec"]["source"]["path"] == "dev"
