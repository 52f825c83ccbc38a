"""What is left to do once the files are there: each with the command that does it."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from aks_flow.adopt.answers import Answers
from aks_flow.adopt.content.configuration import entry
from aks_flow.adopt.images import base_image, elsewhere
from aks_flow.adopt.plan import FileState, PlannedFile
from aks_flow.adopt.survey.dockerfiles import Dockerfile
from aks_flow.adopt.survey.own_tasks import missing_packages
from aks_flow.adopt.survey.tree import WorkTree
from aks_flow.core.config.checks import RESTRICTED
from aks_flow.core.config.secrets import EXISTING
from aks_flow.core.environment import PACKAGE
from aks_flow.manifests.sync_waves import HOOK


@dataclass(frozen=True)
class LeftToDo:
    """what: a sentence without its full stop. command: as it is typed."""

    what: str
    command: str


def left_to_do(
    tree: WorkTree, answers: Answers, files: list[PlannedFile], hidden: list[str]
) -> list[LeftToDo]:
    """In the order in which it is done.

    files: those that are written. hidden: aks-flow's tasks that the team's own hide.
    """
    return [
        *_before(tree, answers, hidden),
        *_dockerfiles(answers),
        *_commit(answers, files),
        *_branches(tree, answers),
        *_secrets(answers),
        *_deliver(answers),
    ]


def _before(tree: WorkTree, answers: Answers, hidden: list[str]) -> Iterator[LeftToDo]:
    if not answers.test:
        command = "${EDITOR:-vi} invoke.yaml   # test: {unit: [make test]}"
        yield LeftToDo("Say how your tests are run: CI runs them before it publishes", command)
    if answers.package.is_local:
        what = f"{PACKAGE} names a folder of this machine: let it name what GitHub's runners can have"
        yield LeftToDo(what, "./inv adopt --upgrade --package git+https://HOST/PATH@COMMIT")
    for name in hidden:
        command = f"./inv --help {name}"
        yield LeftToDo(f"Your task {name} hides aks-flow's: call one of them otherwise", command)
    for name in missing_packages(tree):
        yield LeftToDo(f"tasks.py imports {name}: let ./inv have it", f"echo {name} >>{PACKAGE}")
    if answers.policy != RESTRICTED:
        what = f"The pods are less hardened than they could be (`checks.policy` is {answers.policy}): see how"
        command = "./inv manifests.set checks.policy restricted invoke.yaml && ./inv manifests.check"
        yield LeftToDo(what, command)
    if answers.calling_otherwise:
        name, where = answers.answering.deployment, ", ".join(answers.calling_otherwise)
        what = f"{where} have {name} or its Service by another name, and `app.name` and `contract` mean one"
        yield LeftToDo(f"{what} in all: take it out", "git grep -nE 'name(Prefix|Suffix)'")
    for name in answers.blocking_jobs:
        what = (
            f"The Job {name} runs an image that is built here, and no Job's pods can be changed: the cluster"
        )
        command = f"${{EDITOR:-vi}} {answers.layout.folder}   # job/{name}, annotations: {{{HOOK}: PreSync}}"
        yield LeftToDo(f"{what} refuses the second version. Make it a hook", command)
    for name in answers.whole_secrets:
        command = f"${{EDITOR:-vi}} invoke.yaml   # secrets: {{{name}: {{keys: [KEY, …], from: {EXISTING}}}}}"
        yield LeftToDo(f"Name the keys of the Secret {name}: pods take all that it has", command)
    for file, path in elsewhere(tree, answers.built)[:1]:
        what = f"{path} is a submodule's or stored by Git LFS, so that builds are refused: leave it out"
        command = f"echo {shlex.quote(path)} >>{shlex.quote(file)}"
        yield LeftToDo(f"{what}, or bring into git what they need", command)


def _dockerfiles(answers: Answers) -> Iterator[LeftToDo]:
    files = [image.dockerfile for image in answers.built]
    for path, names in _one_build(answers):
        command = f"${{EDITOR:-vi}} invoke.yaml   # app.images: {{{names[0]}: {{…, target: STAGE}}, …}}"
        yield LeftToDo(f"{' and '.join(names)} are one build of {path}: say the stage of each", command)
    for path, name in dict.fromkeys((file.path, name) for file in files for name in file.absent):
        what = f"{path} copies {name}, which git does not have, and a build is given what git has"
        command = f"${{EDITOR:-vi}} {shlex.quote(path)}   # make it in a stage, COPY --from=STAGE"
        yield LeftToDo(what, command)
    if fixed := [file for file in files if file.fixed]:
        paths = dict.fromkeys(file.path for file in fixed)
        what = f"{' and '.join(paths)}: let a build argument name the base image, so"
        step = f"# ARG BASE={fixed[0].fixed[0]}, FROM ${{BASE}}"
        command = f"${{EDITOR:-vi}} {shlex.quote(fixed[0].path)}   {step}"
        yield LeftToDo(f"{what} that builds take the registry's copy", command)
        yield LeftToDo("Say which image BASE is, so that builds are given it", _base(answers, fixed[0]))


def _base(answers: Answers, file: Dockerfile) -> str:
    name = next(image.name for image in answers.built if image.dockerfile == file)
    base = base_image(file.fixed[0], answers.others)
    known = "" if base in answers.others else f", images: {{{entry(base)}}}"
    return f"${{EDITOR:-vi}} invoke.yaml   # app.images.{name}: {{args: {{BASE: {base.name}}}}}{known}"


def _one_build(answers: Answers) -> Iterator[tuple[str, list[str]]]:
    """The images that would be the same, though their Dockerfile has several to give."""
    several = [image for image in answers.built if len(image.dockerfile.stages) > 1]
    names: dict[tuple[str, str], list[str]] = {}
    for image in several:
        names.setdefault((image.dockerfile.path, image.dockerfile.target), []).append(image.name)
    yield from ((path, alike) for (path, _), alike in names.items() if len(alike) > 1)


def _commit(answers: Answers, files: list[PlannedFile]) -> Iterator[LeftToDo]:
    written = [file for file in files if file.state is not FileState.SAME]
    if written:
        tops = {PurePosixPath(file.path).parts[0] for file in written}
        dockerfiles = [image.dockerfile for image in answers.built]
        corrected = {file.path for file in dockerfiles if file.fixed or file.absent}
        command = f"git add {shlex.join(sorted(tops | corrected))} && git commit -m 'Deliver with aks-flow'"
        yield LeftToDo("Commit: what is delivered is what is committed", command)


def _branches(tree: WorkTree, answers: Answers) -> Iterator[LeftToDo]:
    wanted = [branch for environment in answers.environments for branch in environment.branches]
    for branch in wanted:
        if "*" not in branch and branch not in tree.branches:
            yield LeftToDo(f"Make the branch {branch}: pushes to it are delivered", f"git branch {branch}")


def _secrets(answers: Answers) -> Iterator[LeftToDo]:
    for name, secret in answers.secrets.items():
        if secret.source == EXISTING:
            place = answers.environments[0].namespace
            values = " ".join(f"--from-literal={key}=…" for key in secret.keys)
            command = f"kubectl create secret generic {name} --namespace {place} {values}"
            yield LeftToDo(
                f"Make the Secret {name} in each namespace (or let deliveries: `secrets`)", command
            )


def _deliver(answers: Answers) -> Iterator[LeftToDo]:
    first = answers.environments[0].name
    yield LeftToDo("Look whether all is there", "./inv doctor")
    yield LeftToDo("Rehearse both paths on this machine", "./inv rehearse")
    yield LeftToDo(
        "Name your registry and cluster (invoke.yaml, `targets`), and see what a push would do",
        f"INVOKE_TARGET=cluster INVOKE_TARGETS_CLUSTER_REGISTRY=HOST/PATH ./inv push.plan --env {first}",
    )
