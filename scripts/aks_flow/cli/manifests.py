"""What the manifests' tasks do, one function a task: read, act, report."""

import glob
from collections.abc import Iterable

from aks_flow.cli import manifest_files
from aks_flow.cli.check_cache import open_passed
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.manifests import render
from aks_flow.manifests.checks import agree
from aks_flow.report import report
from aks_flow.tools import kubectl

MADE_ELSEWHERE = {"redis-auth": ("password",)}  # Secrets that the deploy makes


def set_value(path: str, value: str, pattern: str, as_json: bool) -> None:
    changes = manifest_files.set_value(path, value, files(pattern))
    rows = [{"file": str(change.path), "status": change.status} for change in changes]
    _show(rows, as_json, "{status}  {file}")


def get_value(path: str, pattern: str, as_json: bool) -> None:
    _show(_rows(manifest_files.get_value(path, files(pattern))), as_json, "{file}:{line}: {value}")


def list_images(pattern: str, as_json: bool) -> None:
    _show(_rows(manifest_files.list_images(files(pattern))), as_json, "{file}:{line}: {image}")


def check(run: Runner, config: Config, as_json: bool) -> None:
    """Render every environment and compare its objects with each other; AksFlowError if any disagree."""
    passed = open_passed(run, config.root)
    key = (
        f"manifests {config.app.manifests} {' '.join(config.environments)}",
        passed.but(config.app.context),
    )
    if not as_json and passed.held(*key):
        return report.say("manifests: unchanged, they passed with this tree")
    found = [row for name in config.environments for row in _disagreements(run, config, name)]
    _show(found, as_json, "{environment}: {where}: {what}")
    if found:
        raise AksFlowError(f"{len(found)} findings", next_step="Correct the manifests that they name.")
    if not as_json:
        report.say(f"{', '.join(config.environments)}: every object agrees with the others")
    return passed.note(*key)


def files(pattern: str) -> list[str]:
    """The files that a path or a glob pattern (``**`` for any folders) names; AksFlowError if none."""
    found = [pattern] if not glob.has_magic(pattern) else sorted(glob.glob(pattern, recursive=True))
    if not found:
        raise AksFlowError(
            "no file matches", where=pattern, next_step="Quote a pattern, and use ** for any folders."
        )
    return found


def _disagreements(run: Runner, config: Config, name: str) -> list[dict]:
    overlay = config.root / config.app.manifests / "overlays" / name
    objects = render.objects(run.run(kubectl.kustomize(overlay)).text)
    return [{"environment": name, **vars(one)} for one in agree.findings(objects, {}, MADE_ELSEWHERE)]


def _rows(rows: Iterable) -> list[dict]:
    return [{name: getattr(row, name) for name in row.__slots__} for row in rows]


def _show(rows: list[dict], as_json: bool, line: str) -> None:
    if as_json:
        report.document(rows)
        return
    for row in rows:
        report.say(line.format(**row))
