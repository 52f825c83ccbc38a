"""What cannot be meant is a sentence that names its flag or file, and nothing is written."""

import subprocess
from pathlib import Path

import pytest

from aks_flow.adopt.survey.tree import read_tree
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from tests.unit.adopt.repositories import SHAPES, TeamRepository, shaped

# shape, flags, what is said.
WRONG_ANSWERS = [
    ("one-dockerfile", {"name": "My App"}, "--name: must be 1 to 63 lower-case letters"),
    ("one-dockerfile", {"name": "-x"}, "--name: must be 1 to 63"),
    ("one-dockerfile", {"app": "no-such"}, "--app: there is no Deployment or StatefulSet 'no-such'; there"),
    ("one-dockerfile", {"version_path": "version"}, "--version-path: must be a path within the Service"),
    ("one-dockerfile", {"version_path": "//other/"}, "--version-path: must be a path within the Service"),
    ("one-dockerfile", {"image": ("hello",)}, "--image: 'hello' is not NAME=FOLDER"),
    ("one-dockerfile", {"image": ("hello=nowhere",)}, "--image: there is no Dockerfile nowhere"),
    ("one-dockerfile", {"image": ("hello=../x",)}, "--image: there is no Dockerfile ../x"),
    ("one-dockerfile", {"image": ("other=.",)}, "--image: no image is called 'other'"),
    ("one-dockerfile", {"image": ("hello=.", "hello=.")}, "--image: hello is given twice"),
    ("one-dockerfile", {"manifests": "deploy"}, "--manifests deploy: there are no files in this folder"),
    ("one-dockerfile", {"manifests": "k8s/service.yaml/"}, "no Kubernetes manifest is here"),
    ("one-dockerfile", {"environments": ","}, "--environments: there must be one at least"),
    ("one-dockerfile", {"environments": "Dev"}, "--environments: must be 1 to 63"),
    ("one-dockerfile", {"environments": "dev,dev"}, "--environments: two environments have the name dev"),
    ("one-dockerfile", {"environments": "dev=a,test=a"}, "two environments have the namespace a"),
    ("one-dockerfile", {"environments": "dev=A_B"}, "--environments: must be 1 to 63"),
    ("one-dockerfile", {"secret": ("db=generated",)}, "--secret db: no manifest refers to it"),
    (
        "kustomize-two-images",
        {"secret": ("redis=made",)},
        "--secret redis: 'made' is none of generated, existing, vault",
    ),
    (
        "kustomize-two-images",
        {"secret": ("redis",)},
        "--secret: 'redis' is not NAME=generated|existing|vault",
    ),
    ("one-dockerfile", {"test": "make 'test"}, "--test: must be a command"),
    ("one-dockerfile", {"change": "main.go"}, "--change: 'main.go' is no FILE:LINE"),
    ("one-dockerfile", {"change": "other.go:{}"}, "--change: 'other.go:{}' is no FILE:LINE"),
    ("one-dockerfile", {"change": "main.go:func {} {}"}, "--change: 'main.go:func {} {}' is no FILE:LINE"),
    ("one-dockerfile", {"change": "main.go:class {}"}, "--change: 0 lines of main.go read as 'class {}'"),
    ("one-dockerfile", {"change": "main.go:{}"}, "--change: 3 lines of main.go read as '{}'"),
    ("one-dockerfile", {"package": "nonsense"}, "--package: 'nonsense' is no way to aks-flow"),
    ("one-dockerfile", {"package": "--index-url=x"}, "--package: "),
    ("one-dockerfile", {"package": "other==1.0"}, "--package: 'other==1.0' is no way to aks-flow"),
    ("one-dockerfile", {"package": "nowhere.whl"}, "nowhere.whl: there is no such file"),
    ("another-folder", {"environments": "dev"}, None),
    ("another-folder", {"environments": "dev=x"}, "the manifests say `namespace: games-dev`, not x"),
]


NODE = """apiVersion: apps/v1
kind: StatefulSet
metadata: {name: node}
spec: {template: {spec: {containers: [{name: node, image: redis}]}}}
"""


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refusal(repository: TeamRepository, **given) -> str:
    """The sentence; what was written is a failure of the test."""
    before = repository.files()
    with pytest.raises(AksFlowError) as caught:
        repository.adopt(**given)
    assert repository.files() == before
    assert caught.value.next_step
    return str(caught.value)


@pytest.mark.parametrize(("shape", "given", "said"), [case for case in WRONG_ANSWERS if case[2]])
def test_a_wrong_answer_is_a_sentence_that_names_its_flag(tmp_path, shape, given, said):
    assert said in refusal(shaped(tmp_path, shape), **given)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(AksFlowError, match="there is no such folder"):
        read_tree(Local(), tmp_path / "nowhere")


def test_a_folder_that_is_no_repository(tmp_path):
    with pytest.raises(AksFlowError, match="not the work tree of a git repository. Begin with `git init`"):
        read_tree(Local(), tmp_path)


def test_a_folder_below_the_top(tmp_path):
    repository = shaped(tmp_path, "one-dockerfile")
    with pytest.raises(AksFlowError, match=f"A project is at the top .*: name {repository.path}"):
        read_tree(Local(), repository.path / "k8s")


def test_a_bare_repository(tmp_path):
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / "bare"], check=True)
    with pytest.raises(AksFlowError, match="not the work tree"):
        read_tree(Local(), tmp_path / "bare")


def test_a_repository_without_commits(tmp_path):
    path = tmp_path / "new"
    subprocess.run(["cp", "-r", SHAPES / "one-dockerfile", path], check=True)
    subprocess.run(["git", "init", "--quiet", path], check=True)
    assert TeamRepository(path).adopt().answers.name == "new"


def test_a_repository_without_manifests(tmp_path):
    repository = shaped(tmp_path, "one-dockerfile")
    repository.git("rm", "-r", "--quiet", "k8s")
    assert refusal(repository).startswith(
        ".: no Kubernetes manifest is here. Name their folder with --manifests"
    )


def test_a_repository_without_a_dockerfile(tmp_path):
    repository = shaped(tmp_path, "one-dockerfile")
    repository.git("rm", "--quiet", "Dockerfile")
    assert "there is no Dockerfile. Add a Dockerfile" in refusal(repository)


def test_manifests_in_two_places(tmp_path):
    repository = shaped(tmp_path, "one-dockerfile")
    repository.put("chart/Chart.yaml", "name: x\n")
    said = refusal(repository)
    assert "there are manifests in chart (helm), k8s (plain)" in said and "`--manifests chart`" in said
    assert repository.adopt(manifests="k8s").answers.layout.folder == "k8s"


def test_two_dockerfiles_for_one_image(tmp_path):
    repository = shaped(tmp_path, "monorepo")
    repository.put("old/cart/Dockerfile", "FROM scratch\n")
    said = refusal(repository)
    assert "mall/cart can be built from old/cart/Dockerfile and services/cart/Dockerfile" in said
    assert "`--image cart=old/cart/Dockerfile`" in said
    built = {
        image.name: image.dockerfile.path
        for image in repository.adopt(image=("cart=services/cart",)).answers.built
    }
    assert built["mall/cart"] == "services/cart/Dockerfile"


@pytest.mark.parametrize(
    "text", ["ARG BASE=store-base:1\nFROM ${BASE}\n", "FROM store-base\n"], ids=["a default", "fixed"]
)
def test_a_base_image_of_the_repository_s_own(tmp_path, text):
    """No registry has it: a rehearsal, and a copy of it to one, would end at it."""
    repository = shaped(tmp_path, "kustomize-two-images", "store")
    repository.put("api/Dockerfile", text)
    repository.put("base/Dockerfile", "ARG NODE=node:22-slim\nFROM ${NODE}\n")
    repository.commit()
    said = refusal(repository)
    assert "api/Dockerfile: it begins at store-base" in said
    assert "which base/Dockerfile seems to make" in said and "stage" in said


def test_two_deployments_that_may_answer(tmp_path):
    repository = shaped(tmp_path, "monorepo")
    file = repository.path / "k8s/gateway.yaml"
    file.write_text(file.read_text().replace("type: LoadBalancer", "type: ClusterIP"))
    (repository.path / "k8s/node.yaml").write_text(NODE)
    repository.commit()
    said = refusal(repository)
    assert "it is not clear which workload answers; there are cart, catalog, gateway, node, orders" in said


def test_manifests_that_are_no_yaml(tmp_path):
    repository = shaped(tmp_path, "one-dockerfile")
    repository.put("k8s/service.yaml", "apiVersion: v1\nkind: Service\nmetadata: [\n")
    assert refusal(repository).startswith("k8s/service.yaml: this is not YAML (line ")


def test_an_overlay_that_does_not_render(tmp_path):
    repository = shaped(tmp_path, "kustomize-two-images")
    repository.put("k8s/overlays/prod/kustomization.yaml", "resources: [../../base, no-such.yaml]\n")
    said = refusal(repository)
    assert said.startswith("k8s/overlays/prod: kustomize does not render this:\n") and "no-such.yaml" in said


def test_an_image_that_another_program_fills_in(tmp_path):
    repository = shaped(tmp_path, "one-dockerfile")
    file = repository.path / "k8s/deployment.yaml"
    file.write_text(file.read_text().replace("example/hello:latest", "${REGISTRY}/hello:$TAG"))
    assert "which another program fills in" in refusal(repository)


def test_a_file_in_the_way_of_a_folder(tmp_path):
    repository = shaped(tmp_path, "own-tasks")
    repository.put("overlays", "a note\n")
    assert "cannot be written" in refusal(repository)


def test_a_link_that_leads_elsewhere(tmp_path):
    repository = shaped(tmp_path, "own-tasks")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (repository.path / "argocd").symlink_to(elsewhere)
    assert "argocd: this is a symbolic link" in refusal(repository)
    assert list(elsewhere.iterdir()) == []
