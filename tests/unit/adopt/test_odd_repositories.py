"""Repositories with submodules, Git LFS, thousands of files, Windows' line ends, odd names."""

import re
import subprocess
import time

import pytest
import yaml

from aks_flow.adopt import decide
from aks_flow.adopt.survey.pods import needed_secrets
from aks_flow.adopt.todo import left_to_do
from aks_flow.cli.manifest_findings import find
from aks_flow.core.config.load import load
from aks_flow.core.runner import Local
from tests.unit.adopt.repositories import IDENTITY, TeamRepository, shaped
from tests.unit.adopt.test_refusals import refusal


def with_submodule(tmp_path, shape: str, inner: str, place: str) -> TeamRepository:
    """A repository of a shape, and another one as its submodule."""
    repository, other = shaped(tmp_path, shape), shaped(tmp_path, inner, "other")
    words = ("submodule", "--quiet", "add", str(other.path), place)
    subprocess.run(
        ["git", "-C", repository.path, *IDENTITY, "-c", "protocol.file.allow=always", *words], check=True
    )
    repository.commit()
    return repository


def test_what_a_submodule_holds_is_another_repository_s(tmp_path):
    repository = with_submodule(tmp_path, "one-dockerfile", "monorepo", "vendored")
    adoption = repository.adopt()
    assert [image.name for image in adoption.answers.built] == ["example/hello"]
    assert [file.path for file in adoption.files if file.path.startswith("vendored/")] == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"manifests": "vendored/k8s"}, "vendored/k8s: this is in a submodule. Its commits are another"),
        ({"image": ("hello=vendored",)}, "--image: vendored is in a submodule. A build is given this"),
    ],
)
def test_a_submodule_s_files_are_refused(tmp_path, given, said):
    assert said in refusal(with_submodule(tmp_path, "one-dockerfile", "one-dockerfile", "vendored"), **given)


def test_what_git_has_not_is_told_unless_builds_are_not_given_it(tmp_path):
    repository = with_submodule(tmp_path, "one-dockerfile", "monorepo", "vendored")
    repository.put(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n")
    repository.put("model.bin", "version https://git-lfs.github.com/spec/v1\n")
    for key in ("clean", "smudge"):
        repository.git("config", f"filter.lfs.{key}", "cat")
    told = []
    for ignored in ("", "vendored\n", "vendored\n*.bin\n"):
        repository.put(".dockerignore", ignored)
        repository.commit()
        plan = repository.plan()
        todo = left_to_do(plan.tree, plan.answers, plan.files, [])
        told.append([item.command.split()[1] for item in todo if "Git LFS" in item.what])
    assert told == [["vendored"], ["model.bin"], []]


def test_five_thousand_files_are_no_matter(tmp_path):
    repository = shaped(tmp_path, "kustomize-two-images")
    for number in range(5000):
        place = repository.path / "data" / f"{number % 50}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.yaml").write_text("key: value\n" * 20)
    start = time.process_time()
    repository.adopt()
    assert time.process_time() - start < 5


def test_windows_line_ends_stay_and_the_wrapper_has_none(tmp_path):
    repository = shaped(tmp_path, "own-tasks")
    repository.put(".gitattributes", b"* text=auto eol=crlf\r\n")
    repository.put(".gitignore", b".venv/\r\nbuild/")
    for name in ("Dockerfile", "manifests/app.yaml", "manifests/kustomization.yaml"):
        path = repository.path / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    repository.commit()
    repository.adopt()
    files = repository.files()
    assert files[".gitignore"].startswith(b".venv/\r\nbuild/\r\n/.aks-flow/*\r\n")
    assert (
        files[".gitattributes"]
        == b"* text=auto eol=crlf\r\n/inv text eol=lf\r\n/aks-flow.txt text eol=lf\r\n"
    )
    assert b"\r" not in files["inv"]
    repository.commit()
    repository.git("rm", "--cached", "-r", "--quiet", ".")
    repository.git("reset", "--quiet", "--hard")
    assert b"\r" not in repository.files()["inv"]
    assert {file.path: file.state for file in repository.plan().files if file.state == "differs"} == {}


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("My Shop", "my-shop"),
        ("2048", "app-2048"),
        ("café", "cafe"),
        ("店", "app"),
        ("...", "app"),
        ("x" * 80, "x" * 28),
        ("1" * 80, "app-" + "1" * 24),
    ],
)
def test_a_folder_s_name_becomes_the_project_s(tmp_path, folder, name):
    assert shaped(tmp_path, "one-dockerfile", folder).adopt().answers.name == name


def test_files_of_any_name_are_read(tmp_path):
    repository = shaped(tmp_path, "one-dockerfile")
    repository.put('k8s/a "b"\n c é.yaml', "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: odd}\n")
    repository.put("k8s/binary.yaml", b"\xff\xfe\x00kind apiVersion")
    said = refusal(repository)
    assert said.startswith("k8s/binary.yaml: this is not YAML")
    (repository.path / "k8s/binary.yaml").unlink()
    assert repository.adopt().answers.name == "one-dockerfile"


@pytest.mark.parametrize(
    ("present", "main"),
    [
        (["master"], "master"),
        (["trunk", "feature/x"], "trunk"),
        (["master", "develop", "old"], "master"),
        (["main", "trunk"], "main"),
        (["trunk", "old"], "main"),  # nobody says which
        (["develop", "try-it"], "main"),
    ],
)
def test_a_branch_of_another_name_is_main(present, main):
    assert decide._branches(frozenset(present)).get("main", "main") == main


@pytest.mark.parametrize(
    ("tags", "prefix"),
    [
        (["1.0.0", "1.2.0", "latest", "1.3.0-rc.1"], ""),
        (["web/1.0.0", "web/1.1.0"], "web/"),
        (["v1.0.0", "1.2.0"], None),  # GitFlow's own is among them
        (["web-1.0.0", "api-1.0.0"], None),  # nobody says which
        (["2024.01.15"], None),  # a day, and no version
        ([], None),
    ],
)
def test_releases_are_tagged_as_they_were(tmp_path, tags, prefix):
    """By another tag a delivery would count from none, and be 0.1.0 after the team's 1.2.0."""
    repository = shaped(tmp_path, "one-dockerfile")
    for tag in tags:
        repository.git("tag", tag)
    repository.adopt()
    data = yaml.safe_load(repository.files()["invoke.yaml"])
    assert data["branches"].get("tag") == prefix
    workflow = yaml.safe_load(repository.files()[".github/workflows/deliver.yml"])
    start = "v" if prefix is None else prefix
    assert workflow[True]["push"]["tags"] == [f"{start}[0-9]+.[0-9]+.[0-9]+"]


def test_a_branch_called_trunk_reaches_production(tmp_path):
    repository = shaped(tmp_path, "one-dockerfile")
    repository.git("branch", "--move", "main", "trunk")
    repository.adopt()
    data = yaml.safe_load((repository.path / "invoke.yaml").read_text())
    assert data["branches"] == {"main": "trunk"}
    assert data["environments"]["production"]["branches"] == ["trunk"]


def left(adoption) -> dict[str, str]:
    """What is left to do, with its command."""
    return {
        item.what: item.command for item in left_to_do(adoption.tree, adoption.answers, adoption.files, [])
    }


def renamed(tmp_path, *files: str):
    """A repository whose objects in these files are called hello.web."""
    repository = shaped(tmp_path, "one-dockerfile")
    for path in (repository.path / "k8s" / file for file in files):
        path.write_text(path.read_text().replace("name: hello\n", "name: hello.web\n"))
    repository.commit()
    return repository


def test_a_deployment_s_name_may_have_dots(tmp_path):
    assert renamed(tmp_path, "deployment.yaml").adopt().answers.answering.deployment == "hello.web"


def test_a_name_that_the_configuration_cannot_have_is_the_manifests(tmp_path):
    """A Service's name has no dots; invoke.yaml is not there to be corrected."""
    said = refusal(renamed(tmp_path, "deployment.yaml", "service.yaml"))
    assert said.startswith("the repository: invoke.yaml cannot say what is there: `contract.service` must be")
    assert "'hello.web'" in said and "Correct it in invoke.yaml" not in said


def test_a_secret_that_pods_take_whole_is_left_to_name_its_keys(tmp_path):
    repository = shaped(tmp_path, "one-dockerfile")
    path = repository.path / "k8s" / "deployment.yaml"
    take = "image: example/hello\n          envFrom: [{secretRef: {name: all-of-it}}]"
    path.write_text(re.sub(r"image: example/hello\S*", take, path.read_text()))
    repository.commit()
    todo = left(repository.adopt())
    (command,) = (command for what, command in todo.items() if "the Secret all-of-it" in what)
    assert "all-of-it: {keys: [KEY, …]" in command


@pytest.mark.parametrize(
    "maker",
    [
        {
            "apiVersion": "external-secrets.io/v1",
            "kind": "ExternalSecret",
            "spec": {"target": {"name": "db"}},
        },
        {"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "spec": {"secretName": "db"}},
        {
            "apiVersion": "secrets-store.csi.x-k8s.io/v1",
            "kind": "SecretProviderClass",
            "spec": {"secretObjects": [{"secretName": "db", "data": [{"key": "password"}]}]},
        },
    ],
    ids=lambda maker: maker["kind"],
)
def test_a_secret_that_an_object_has_others_make_is_nobody_s_to_make(maker):
    """A push would refuse to begin without it, and only the push brings the object."""
    reference = {"secretKeyRef": {"name": "db", "key": "password"}}
    container = {"name": "c", "image": "i", "env": [{"name": "P", "valueFrom": reference}]}
    pods = {"kind": "Deployment", "metadata": {"name": "d"}, "spec": {"containers": [container]}}
    assert [secret.name for secret in needed_secrets([pods])] == ["db"]
    assert needed_secrets([pods, maker | {"metadata": {"name": "another"}}]) == []


@pytest.mark.parametrize(
    ("generating", "needed"),
    [(["dev", "prod"], ["redis"]), (["dev"], ["redis", "stripe"]), ([], ["redis", "stripe"])],
)
def test_a_secret_that_every_overlay_brings_is_nobody_s_to_make(tmp_path, generating, needed):
    repository = shaped(tmp_path, "kustomize-two-images")
    for environment in generating:
        file = f"k8s/overlays/{environment}/kustomization.yaml"
        own = "secretGenerator: [{name: stripe, envs: [stripe.env]}]\nnamePrefix: own-\n"
        repository.put(file, (repository.path / file).read_text() + own)
        repository.put(f"k8s/overlays/{environment}/stripe.env", "key=value\n")
    repository.commit()
    assert list(repository.plan().answers.secrets) == needed


def test_a_base_image_that_no_argument_names_is_left_to_name(tmp_path):
    """Both files are told what they are to say: the argument alone would be given nothing."""
    adoption = shaped(tmp_path, "own-tasks").adopt()
    (command,) = (command for what, command in left(adoption).items() if "base image" in what)
    assert command.startswith("${EDITOR:-vi} Dockerfile   # ARG BASE=python:3.13-slim, FROM ${BASE}")
    (command,) = (command for what, command in left(adoption).items() if "which image BASE is" in what)
    (image,) = (image.name for image in adoption.answers.built)
    entry = "{source: 'python:3.13-slim', packages: [python3, python3-venv, python3-pip, ca-certificates]}"
    written = f"app.images.{image}: {{args: {{BASE: python}}}}, images: {{python: {entry}}}"
    assert command == f"${{EDITOR:-vi}} invoke.yaml   # {written}"
    (command,) = (command for what, command in left(adoption).items() if what.startswith("Commit: "))
    assert command.startswith("git add .github .gitignore Dockerfile ")


@pytest.mark.parametrize("base", ["node:22", "acme.azurecr.io/store-base:1", "store-tools:1"])
def test_a_base_image_that_no_dockerfile_here_makes_is_another_s(tmp_path, base):
    repository = shaped(tmp_path, "kustomize-two-images", "store")
    repository.put("api/Dockerfile", f"ARG BASE={base}\nFROM ${{BASE}}\n")
    repository.put("base/Dockerfile", "ARG NODE=node:22-slim\nFROM ${NODE}\n")
    repository.put("node/Dockerfile", "FROM scratch\n")
    repository.commit()
    assert "store-api" in [image.name for image in repository.adopt().answers.built]


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("httpGet: {path: /health, port: 8080}", "tcpSocket: {port: 8080}", ""),
        ("httpGet: {path: /health, port: 8080}", "grpc: {port: 8080}", ""),
        ("readinessProbe:\n            httpGet: {path: /health, port: 8080}", "tty: false", "/"),
        ("", "", "/"),
    ],
    ids=["TCP", "gRPC", "no probe", "HTTP"],
)
def test_a_rehearsal_looks_for_its_change_where_http_may_answer(tmp_path, old, new, path):
    repository = shaped(tmp_path, "one-dockerfile")
    file = repository.path / "k8s" / "deployment.yaml"
    file.write_text(file.read_text().replace(old, new))
    service = repository.path / "k8s" / "service.yaml"
    service.write_text(service.read_text().replace("port: 80,", "port: 7000,"))
    repository.commit()
    change = repository.adopt(change="main.go:package {}").answers.change
    assert (change.file, change.path) == ("main.go", path)


JOB = """
apiVersion: batch/v1
kind: Job
metadata: {{name: migrate, annotations: {annotations}}}
spec:
  {more}
  template: {{spec: {{restartPolicy: Never, containers: [{{name: migrate, image: "{image}"}}]}}}}
"""


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, True),
        ({"annotations": "{argocd.argoproj.io/hook: PreSync}"}, False),
        ({"more": "ttlSecondsAfterFinished: 60"}, False),
        ({"image": "redis:8"}, False),
    ],
    ids=["by its version", "a hook", "goes by itself", "another's image"],
)
def test_a_job_that_the_second_version_cannot_change_is_told(tmp_path, settings, told):
    repository = shaped(tmp_path, "one-dockerfile")
    repository.put(
        "k8s/migrate.yaml",
        JOB.format(**{"annotations": "{}", "more": "", "image": "example/hello:latest"} | settings),
    )
    repository.commit()
    todo = left(repository.plan())
    commands = [command for what, command in todo.items() if "The Job migrate" in what]
    assert [command.partition(" k8s ")[2] for command in commands] == (
        ["  # job/migrate, annotations: {argocd.argoproj.io/hook: PreSync}"] if told else []
    )


def test_images_that_are_one_build_of_several_stages_are_told(tmp_path):
    repository = shaped(tmp_path, "kustomize-two-images")
    repository.git("rm", "-r", "--quiet", "api", "web")
    repository.put("Dockerfile", "FROM node:22 AS one\nFROM node:22 AS two\n")
    repository.commit()
    adoption = repository.adopt(image=("store-api=Dockerfile", "store-web=Dockerfile"))
    names = " and ".join(image.name for image in adoption.answers.built)
    todo = left(adoption)
    assert "target: STAGE" in todo[f"{names} are one build of Dockerfile: say the stage of each"]
    assert any(what.startswith("Dockerfile: let a build argument") for what in todo)


def test_what_only_a_build_before_docker_s_makes_is_told(tmp_path):
    repository = shaped(tmp_path, "one-dockerfile")
    repository.put(".gitignore", "target/\n")
    repository.put("target/app.jar", "made")
    repository.put("Dockerfile", "FROM scratch\nCOPY target/*.jar /app.jar\n")
    repository.commit()
    (what,) = (what for what in left(repository.adopt()) if "does not have" in what)
    assert what.startswith("Dockerfile copies target/*.jar, which git does not have")


def test_names_that_environments_change_are_told(tmp_path):
    repository = shaped(tmp_path, "kustomize-two-images")
    path = repository.path / "k8s/overlays/dev/kustomization.yaml"
    path.write_text(f"{path.read_text()}namePrefix: dev-\n")
    repository.commit()
    assert [what for what in left(repository.adopt()) if what.startswith("dev have web or its Service")]


def test_a_namespace_that_says_nothing_of_its_pods_leaves_them_as_hardened_as_they_are(tmp_path):
    repository = shaped(tmp_path, "one-dockerfile")
    before = repository.plan().answers
    repository.put("k8s/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: hello\n")
    repository.commit()
    adoption = repository.adopt()
    assert (adoption.answers.policy, before.accepted) == (before.policy, ())
    checks = yaml.safe_load(repository.files()["invoke.yaml"])["checks"]
    [accepted] = checks["accept"]
    assert (accepted["rule"], accepted["object"]) == ("pod-security-level", "Namespace/*")
    rows = find(Local(), load(yaml.safe_load(repository.files()["invoke.yaml"]), repository.path))
    assert [str(row) for row in rows if not row.accepted] == []
