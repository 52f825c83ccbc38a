"""Building and publishing: which commands run, whole, and which do not."""

import hashlib
import io
import json
import tarfile
from contextlib import nullcontext

import pytest

from aks_flow.core.command import Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import CommandFailed
from aks_flow.core.steps import Silent, Steps
from aks_flow.gitflow.source import Source
from aks_flow.gitflow.version import Version
from aks_flow.image import build
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.registry import RegistryClient
from tests.unit.planned import DIGEST, Planned, Shelf, committed
from tests.unit.target.registry_server import StrictRegistry

TREE = "b" * 40
PINNED = "python:3.11-slim-bookworm@sha256:" + "d" * 64
BASE = "localhost:5050/python:3.11-slim-bookworm-dddddddddddd"
RECIPE = json.dumps([TREE, "", "", {"PYTHON_IMAGE": PINNED}])
KEY = "tree-" + hashlib.sha256(RECIPE.encode()).hexdigest()[:20]


def context(commands, shelf, config) -> DeliveryContext:
    return DeliveryContext(commands, shelf, config, Steps(Silent()))


def source_at(repo, version="1.5.0-alpha.2"):
    return Source(repo, "c" * 40, "d" * 40, "develop", Version.parse(version), dirty=False)


@pytest.fixture
def settings(settings):
    settings["images"]["python"]["source"] = PINNED
    return settings


@pytest.fixture
def origin(tmp_path):
    return source_at(tmp_path)


@pytest.fixture
def commands(origin):
    git = f"git -C {origin.repo}"
    return Planned(
        {
            f"{git} cat-file --batch-check": f"{TREE} tree 99\n",
            **committed(origin.repo, f"{origin.tree}:app", {"Dockerfile": "FROM scratch\n"}),
            f"{git} remote get-url origin": "https://ann:t0ken@example.com/team/app.git\n",
            f"{git} log --max-count=1 --format=%cI HEAD": "2026-01-02T03:04:05Z\n",
            f"docker build --tag=localhost:5050/front:{KEY} --build-arg=PYTHON_IMAGE={BASE}"
            " --build-arg=VERSION=1.5.0-alpha.2"
            f" --build-arg=REVISION={origin.commit} --build-arg=SOURCE=https://example.com/team/app.git"
            " --build-arg=CREATED=2026-01-02T03:04:05Z -": "",
            f"docker push --quiet localhost:5050/front:{KEY}": "",
        }
    )


def test_a_new_tree_is_built_pushed_under_its_key_and_given_its_version(commands, config, origin):
    shelf = Shelf(commands, pushed={f"front:{KEY}": DIGEST})
    built = build.ensure(context(commands, shelf, config), origin)
    image = ImageRef("localhost:5050", "front", "1.5.0-alpha.2", DIGEST)
    assert built == build.Built(image, KEY, new=True, new_version=True)
    assert [line.split()[0:2] for line in commands.lines][-2:] == [["docker", "build"], ["docker", "push"]]
    assert shelf.tagged == [("front", "1.5.0-alpha.2", DIGEST)]


def test_the_build_context_is_the_tree_s_archive_and_nothing_else(commands, config, origin):
    build.ensure(context(commands, Shelf(commands, pushed={f"front:{KEY}": DIGEST}), config), origin)
    (context_sent,) = [command.stdin for command in commands.ran if command.argv[1] == "build"]
    with tarfile.open(fileobj=io.BytesIO(context_sent)) as tar:
        assert tar.getnames() == ["Dockerfile"]


def test_a_known_tree_builds_nothing_and_only_gains_a_tag(commands, config, origin):
    shelf = Shelf(commands, held={f"front:{KEY}": DIGEST})
    assert build.ensure(context(commands, shelf, config), origin).new is False
    assert not any(line.startswith("docker") for line in commands.lines)
    assert shelf.tagged == [("front", "1.5.0-alpha.2", DIGEST)]


def test_a_known_version_of_a_known_tree_changes_nothing(commands, config, origin):
    shelf = Shelf(commands, held={f"front:{KEY}": DIGEST, "front:1.5.0-alpha.2": DIGEST})
    build.ensure(context(commands, shelf, config), origin)
    assert shelf.tagged == []


@pytest.mark.parametrize("lost", ["blobs", "manifests"])
def test_an_image_of_which_the_registry_lost_a_part_is_built_again(commands, config, origin, lost):
    with StrictRegistry().serving() as server:
        digest = server.add_index("front", KEY, "amd64", "arm64")["digest"]
        registry = RegistryClient(server.host)
        assert build.planned(context(commands, registry, config), origin).digest == digest
        stored = getattr(server.repositories["front"], lost)
        stored.pop(next(iter(stored)))
        assert not build.planned(context(commands, registry, config), origin).is_published


def test_a_released_version_never_moves_to_another_image(commands, config, tmp_path):
    shelf = Shelf(commands, held={f"front:{KEY}": DIGEST, "front:1.5.0": "sha256:" + "9" * 64})
    with pytest.raises(AksFlowError, match="another image under this version"):
        build.ensure(context(commands, shelf, config), source_at(tmp_path, "1.5.0"))


def test_a_missing_context_names_the_key_to_correct(config, origin):
    commands = Planned(
        {
            f"git -C {origin.repo} cat-file --batch-check": f"{origin.tree}:app missing\n",
        }
    )
    with pytest.raises(AksFlowError, match=r"no folder 'app'.*app.context"):
        build.ensure(context(commands, Shelf(commands), config), origin)


@pytest.mark.parametrize(
    ("words", "step"),
    [
        (b"write /layer.tar: no space left on device", "disk is full.*nothing was published"),
        (b"The command returned a non-zero code: 1", "Correct app/Dockerfile.*nothing was published"),
    ],
)
def test_a_failed_build_keeps_docker_s_words_and_names_the_next_step(commands, config, origin, words, step):
    build_line = next(line for line in commands.answers if line.startswith("docker build"))
    commands.answers[build_line] = Result(1, b"", words)
    with pytest.raises(AksFlowError, match=f"(?s){words.decode()}.*{step}"):
        build.ensure(context(commands, Shelf(commands), config), origin)
    assert not any(line.startswith("docker push") for line in commands.lines)


def test_a_failed_build_shows_what_its_step_printed_which_the_legacy_builder_has_on_standard_output(
    commands, config, origin
):
    build_line = next(line for line in commands.answers if line.startswith("docker build"))
    printed = b"Step 1/9 : FROM python\n\x1b[91merror: externally-managed-environment\n\x1b[0m"
    commands.answers[build_line] = Result(1, printed, b"returned a non-zero code: 1\n")
    with pytest.raises(AksFlowError) as caught:
        build.ensure(context(commands, Shelf(commands), config), origin)
    assert "\n    error: externally-managed-environment\n" in str(caught.value)


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        (b"Step 3/9 : FROM node:22 AS base\n", b"toomanyrequests: You have reached your pull rate limit\n"),
        (b"", b"failed to solve: node:22: failed to resolve source metadata for docker.io/node:22: no\n"),
    ],
    ids=["legacy", "buildkit"],
)
def test_a_base_that_cannot_be_pulled_is_no_fault_of_the_dockerfile_s(
    commands, config, origin, printed, words
):
    build_line = next(line for line in commands.answers if line.startswith("docker build"))
    commands.answers[build_line] = Result(1, printed, words)
    with pytest.raises(AksFlowError, match="can pull what app/Dockerfile begins with.*nothing was published"):
        build.ensure(context(commands, Shelf(commands), config), origin)


GONE = Result(
    1, b"", b"failed to export image: failed to set parent sha256:b: unknown parent image ID sha256:b"
)


@pytest.mark.parametrize("failures", [1, 2])
def test_a_build_whose_parent_was_removed_meanwhile_is_done_once_more(commands, config, origin, failures):
    build_line = next(line for line in commands.answers if line.startswith("docker build"))
    answers, usual = [GONE] * failures, commands.run

    def run(command):
        if str(command) == build_line and answers:
            commands.ran.append(command)
            raise CommandFailed(command, answers.pop())
        return usual(command)

    commands.run = run
    with pytest.raises(AksFlowError, match="unknown parent") if failures > 1 else nullcontext():
        build.ensure(context(commands, Shelf(commands, pushed={f"front:{KEY}": DIGEST}), config), origin)
    assert commands.lines.count(build_line) == 2


def test_a_submodule_in_the_build_context_is_refused_before_anything_is_built(commands, config, origin):
    listing = f"160000 commit {'2' * 40}\tlib\0"
    listed = f"git -C {origin.repo} ls-tree -r -z --full-tree {origin.tree}:app"
    commands.answers[listed] += listing
    with pytest.raises(AksFlowError, match="^app/lib: a submodule's files would be left out. Copy what"):
        build.ensure(context(commands, Shelf(commands), config), origin)
    assert not any(line.startswith("docker") for line in commands.lines)
