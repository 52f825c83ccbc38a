"""One image set in a manifest of about 90 lines: how long it takes, and what else moves.

    python -m tests.bench.bench_edits [--json FILE]

Beside ours: what else is installed on this machine. Programs start once a file, libraries work in here.
"""

import argparse
import difflib
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from aks_flow.core.image_ref import ImageRef
from aks_flow.manifests.images.images import set_image
from aks_flow.manifests.yaml_edit import source
from aks_flow.manifests.yaml_edit.files import edit_files

RUNS = 5
FILES = 1000
PROGRAM_FILES = 20
BAR_SECONDS = 1.5
MANIFEST = Path(__file__).with_name("deployment.yaml").read_text("utf-8")
IMAGE = ImageRef.parse("localhost:5000/front:1.3.0")
KUBECTL = shutil.which("kubectl", path=str(Path(sys.executable).parent)) or shutil.which("kubectl")

# Beside the work tree's own files, as in use: creating files elsewhere has another price.
SCRATCH = Path(__file__).parents[2] / ".rehearsal"

Edit = Callable[[list[Path]], None]


def ours(paths: list[Path]) -> None:
    edit_files(paths, lambda text, where: set_image(text, "localhost:5000/front", IMAGE, where=where))


def ours_without_libyaml(paths: list[Path]) -> None:
    fast, source.LOADER = source.LOADER, yaml.SafeLoader
    try:
        ours(paths)
    finally:
        source.LOADER = fast


def pyyaml(paths: list[Path]) -> None:
    for path in paths:
        data = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        _set(data)
        path.write_text(yaml.dump(data, Dumper=yaml.CSafeDumper, sort_keys=False), "utf-8")


def ruamel(paths: list[Path]) -> None:
    from ruamel.yaml import YAML

    round_trip = YAML()
    for path in paths:
        data = round_trip.load(path)
        _set(data)
        round_trip.dump(data, path)


def yq(paths: list[Path]) -> None:
    """kislyuk's yq (Debian's package) needs -y to answer in YAML; mikefarah's does not know it."""
    program = f'.spec.template.spec.containers[0].image = "{IMAGE}"'
    options = ["-y"] if "mikefarah" not in _output("yq", "--version") else []
    for path in paths:
        path.write_text(_output("yq", *options, program, str(path)), "utf-8")


def kubectl_set_image(paths: list[Path]) -> None:
    for path in paths:
        options = ["--local", "--output", "yaml", "--filename", str(path)]
        path.write_text(_output(KUBECTL, "set", "image", *options, f"front={IMAGE}"), "utf-8")


def kustomize_edit(paths: list[Path]) -> None:
    """A kustomization of one entry: this program edits no other file."""
    for path in paths:
        folder = path.with_suffix("")
        folder.mkdir()
        (folder / "kustomization.yaml").write_text("images:\n- name: front\n  newTag: 1.2.3\n")
        subprocess.run(["kustomize", "edit", "set", "image", f"front={IMAGE}"], cwd=folder, check=True)


def _set(data: dict) -> None:
    data["spec"]["template"]["spec"]["containers"][0]["image"] = str(IMAGE)


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def tools() -> list[tuple[str, Edit, int, bool]]:
    """(name, edit, files a run, installed)."""
    return [
        ("aks-flow (libyaml)", ours, FILES, hasattr(yaml, "CSafeLoader")),
        ("aks-flow (pure Python)", ours_without_libyaml, FILES // 10, True),
        ("PyYAML load and dump", pyyaml, FILES // 10, hasattr(yaml, "CSafeLoader")),
        ("ruamel.yaml round trip", ruamel, FILES // 10, importlib.util.find_spec("ruamel") is not None),
        ("yq", yq, PROGRAM_FILES, shutil.which("yq") is not None),
        ("kubectl set image --local", kubectl_set_image, PROGRAM_FILES, KUBECTL is not None),
        ("kustomize edit set image", kustomize_edit, PROGRAM_FILES, shutil.which("kustomize") is not None),
    ]


def measure(name: str, edit: Edit, files: int, installed: bool) -> dict:
    """Medians over the runs: seconds, milliseconds a file; and what moved: lines, comments."""
    if not installed:
        return {"tool": name, "installed": False}
    seconds, cpu, result = [], [], MANIFEST
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
            paths = [Path(folder, f"{number}.yaml") for number in range(files)]
            for path in paths:
                path.write_text(MANIFEST, "utf-8")
            start, start_cpu = time.perf_counter(), time.process_time()
            edit(paths)
            seconds.append(time.perf_counter() - start)
            cpu.append(time.process_time() - start_cpu)
            result = paths[0].read_text("utf-8")
    median = statistics.median(seconds)
    row = {"tool": name, "installed": True, "files": files, "runs": RUNS, "seconds": round(median, 3)}
    row["cpu_seconds"] = round(
        statistics.median(cpu), 3
    )  # of this process: what is left of it on a busy machine
    return {**row, "ms_per_file": round(median / files * 1000, 2), **_moved(result)}


def _moved(result: str) -> dict:
    lines = list(difflib.ndiff(MANIFEST.splitlines(), result.splitlines()))
    added, removed = (sum(line.startswith(sign) for line in lines) for sign in ("+ ", "- "))
    return {"added": added, "removed": removed, "comments_lost": MANIFEST.count("#") - result.count("#")}


def table(rows: list[dict]) -> str:
    lines = [
        f"{'':28}{'ms/file':>9}{'files':>7}{'seconds':>9}{'cpu':>8}{'lines +/-':>11}{'comments lost':>15}"
    ]
    for row in rows:
        if not row["installed"]:
            lines.append(f"{row['tool']:28}{'not installed':>13}")
            continue
        moved = f"{row['added']}/{row['removed']}"
        figures = f"{row['ms_per_file']:>9}{row['files']:>7}{row['seconds']:>9}{row['cpu_seconds']:>8}"
        lines.append(f"{row['tool']:28}{figures}{moved:>11}{row['comments_lost']:>15}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--json", type=Path, help="write the figures to this file rather than to the terminal"
    )
    arguments = parser.parse_args()
    SCRATCH.mkdir(exist_ok=True)
    rows = [measure(*tool) for tool in tools()]
    ours_row = rows[0] if rows[0]["installed"] else rows[1]
    held = ours_row["files"] == FILES and ours_row["seconds"] <= BAR_SECONDS
    report = {
        "bench": "edits",
        "bar_seconds": BAR_SECONDS,
        "held": held,
        "load": os.getloadavg()[0],
        "rows": rows,
    }
    figures = json.dumps(report, indent=2)
    print(table(rows))
    verdict = f"{'held' if held else 'missed'} (load {report['load']:.1f})"
    print(f"\n{FILES} files in one pass: {ours_row['seconds']} s, bar {BAR_SECONDS} s: {verdict}")
    if arguments.json:
        arguments.json.write_text(figures + "\n")
    else:
        print(figures)
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
