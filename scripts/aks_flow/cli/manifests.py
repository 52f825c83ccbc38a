"""What the tasks `manifests.…` do: read, act, report."""

import glob
from collections.abc import Iterable

from aks_flow import report
from aks_flow.cli.check_cache import open_cache
from aks_flow.cli.context import TaskContext
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.manifests import edit, render
from aks_flow.manifests.checks import agree
from aks_flow.tools.kubectl import kustomize

MADE_ELSEWHERE = {"redis-auth": ("password",)}  # Secrets that the deploy makes


def set_task(task: TaskContext, path: str, value: str, files: str, json: bool) -> None:
    changes = edit.set_value(path, value, matching(files))
    rows = [{"file": str(change.path), "status": change.status} for change in changes]
    _show(rows, json, "{status}  {file}")


def get_task(task: TaskContext, path: str, files: str, json: bool) -> None:
    _show(_rows(edit.get_value(path, matching(files))), json, "{file}:{line}: {value}")


def images_task(task: TaskContext, files: str, json: bool) -> None:
    _show(_rows(edit.list_images(matching(files))), json, "{file}:{line}: {image}")


def check_task(task: TaskContext, json: bool) -> None:
    """Render every environment and compare its objects with each other; AksFlowError if any disagree."""
    run, config = task.runner(), task.config()
    cache = open_cache(run, config.root)
    name = f"manifests {config.app.manifests} {' '.join(config.environments)}"
    reads = cache.all_but(*(image.context for image in config.app.built_images.values()))
    if not json and cache.has_passed(name, reads):
        return report.say("manifests: unchanged, they passed with this tree")
    rows = [row for environment in config.environments for row in _disagreements(run, config, environment)]
    _show(rows, json, "{environment}: {where}: {what}")
    if rows:
        raise AksFlowError(f"{len(rows)} findings", next_step="Correct the manifests that they name.")
    if not json:
        report.say(f"{', '.join(config.environments)}: every object agrees with the others")
    return cache.remember(name, reads)


def matching(pattern: str) -> list[str]:
    """The files that a path or a glob pattern (``**`` for any folders) names; AksFlowError if none."""
    paths = sorted(glob.glob(pattern, recursive=True)) if glob.has_magic(pattern) else [pattern]
    if not paths:
        step = "Quote a pattern, and use ** for any folders."
        raise AksFlowError("no file matches", where=pattern, next_step=step)
    return paths


def _disagreements(run: Runner, config: Config, environment: str) -> list[dict]:
    overlay = config.root / config.app.manifests / "overlays" / environment
    objects = render.objects(run.run(kustomize.render(overlay)).text)
    findings = agree.findings(objects, {}, MADE_ELSEWHERE)
    return [{"environment": environment, **vars(finding)} for finding in findings]


def _rows(rows: Iterable) -> list[dict]:
    return [{name: getattr(row, name) for name in row.__slots__} for row in rows]


def _show(rows: list[dict], json: bool, line: str) -> None:
    if json:
        report.document(rows)
        return
    for row in rows:
        report.say(line.format(**row))
