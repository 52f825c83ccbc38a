"""Fifty writers at once: ours beside the loop that people write first, `pull --rebase` and push again.

    python -m tests.bench.bench_races [--json FILE]

Each writer is a process with a clone of its own; the remote is a bare repository on this machine. They write
one environment, whose pin they fight for, and then twenty. `right`: those that end with their newest version.
"""

import argparse
import json
import os
import random
import tempfile
from collections import Counter
from pathlib import Path

from tests.e2e.gitops import races
from tests.e2e.gitops import world as worlds
from tests.e2e.gitops.world import World

WRITERS = 50
BAR_SECONDS = 15
FIRST = "0.1.0-alpha.0"


def measure(writer: races.Writer, environments: int) -> dict:
    """One race in a world of its own."""
    with tempfile.TemporaryDirectory() as folder:
        world, names = prepared(Path(folder), environments)
        versions = [f"0.1.0-alpha.{number}" for number in range(1, WRITERS + 1)]
        world.shelf.versions += versions
        order = random.sample(versions, WRITERS)
        jobs = [(names[number % environments], version) for number, version in enumerate(order)]
        branch = "develop" if writer is races.ours else "gitops"
        race = races.run(world, writer, jobs, branch)
        ends = {name: max((v for n, v in jobs if n == name), key=number_of) for name in names}
        right = sum(world.entry(name)["newTag"] == newest for name, newest in ends.items())
        said = Counter(words.partition(":")[0] for words in race.said)
    row = {"writer": writer.__name__, "environments": environments, "seconds": round(race.seconds, 2)}
    return {**row, **{word: said[word] for word in ("written", "superseded", "failed")}, "right": right}


def prepared(folder: Path, environments: int) -> tuple[World, list[str]]:
    """A world in which each environment has a first version already."""
    world, names = worlds.make(folder), [f"team-{number}" for number in range(environments)]
    for name in names:
        world.add_environment(name)
    world.commit("Add the environments")
    world.init()
    world.publish(FIRST)
    for name in names:
        races.ours(world, name, FIRST)
    return world, names


def number_of(version: str) -> int:
    return int(version.rpartition(".")[2])


def table(rows: list[dict]) -> str:
    columns = list(rows[0])
    lines = ["".join(f"{name:>14}" for name in columns)]
    return "\n".join(lines + ["".join(f"{row[name]:>14}" for name in columns) for row in rows])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    arguments = parser.parse_args()
    os.environ.update(worlds.ENVIRONMENT, PATH=f"{worlds.PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    rows = [measure(writer, count) for count in (1, 20) for writer in (races.ours, races.naive)]
    held = rows[0]["seconds"] <= BAR_SECONDS and all(
        row["failed"] == 0 and row["right"] == row["environments"] for row in rows if row["writer"] == "ours"
    )
    print(table(rows))
    verdict = "held" if held else "missed"
    print(f"\n{WRITERS} writers to one pin: {rows[0]['seconds']} s, bar {BAR_SECONDS} s: {verdict}")
    if arguments.json:
        document = {
            "bench": "races",
            "writers": WRITERS,
            "bar_seconds": BAR_SECONDS,
            "held": held,
            "rows": rows,
        }
        arguments.json.write_text(json.dumps(document, indent=2) + "\n")
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
