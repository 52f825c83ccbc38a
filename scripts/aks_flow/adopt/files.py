"""The files of a project, each beside what the repository has in its place."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from aks_flow.adopt.answers import Answers
from aks_flow.adopt.content import ignored, wrapper
from aks_flow.adopt.content.applications import applications, of_previews
from aks_flow.adopt.content.workflows import is_ours, workflows
from aks_flow.adopt.package import HOME
from aks_flow.adopt.plan import FileState, PlannedFile, planned, with_lines
from aks_flow.core.config.render import KUSTOMIZE
from aks_flow.core.environment import PACKAGE
from aks_flow.core.project import FILE


def project_files(
    root: Path,
    answers: Answers,
    configuration: str,
    manifests: Mapping[str, str],
    objects: list[dict],
) -> list[PlannedFile]:
    """Those that there are to be. configuration: invoke.yaml's text.

    manifests: texts by path. objects: all that is delivered.
    """
    files = [planned(root, FILE, configuration)]
    files += _calls(root, answers)
    files += [planned(root, path, text) for path, text in manifests.items()]
    files += _applications(root, answers, objects)
    for path, text in workflows(root, answers).items():
        files.append(planned(root, path, text, ours=(root / path).is_file() and is_ours(root / path)))
    files.append(with_lines(root, ".gitignore", ignored.IGNORED))
    if (root / ".gitattributes").is_file():
        files.append(with_lines(root, ".gitattributes", ignored.ATTRIBUTES))
    return files


def _calls(root: Path, answers: Answers) -> Iterator[PlannedFile]:
    """How the tasks are called, and with what."""
    yield planned(root, "inv", wrapper.WRAPPER, runs=True, ours=True)
    yield planned(root, PACKAGE, wrapper.requirement(answers.package), ours=True)
    if wheel := answers.package.wheel:
        yield planned(root, f"{HOME}/{wheel.name}", wheel.read_bytes(), ours=True)
    tasks = planned(root, "tasks.py", wrapper.TASKS)
    if tasks.state is not FileState.DIFFERS:  # a team's own has aks-flow's tasks beside it anyway
        yield tasks


def _applications(root: Path, answers: Answers, objects: list[dict]) -> Iterator[PlannedFile]:
    paths = {environment.name: _path(answers, environment) for environment in answers.environments}
    for name, text in applications(answers, objects, paths).items():
        yield planned(root, f"{answers.applications}/{name}", text)
    if answers.preview:
        for name, text in of_previews(answers, objects).items():
            yield planned(root, f"{answers.applications}/{name}", text)


def _path(answers: Answers, environment) -> str:
    """Where the branch that Argo CD reads has an environment."""
    if answers.layout.kind != KUSTOMIZE:
        return environment.name
    inside = PurePosixPath(environment.overlay).relative_to(answers.layout.folder)
    return f"{environment.name}/{inside}"
