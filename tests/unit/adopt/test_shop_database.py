"""The example shop's database: its start, on a volume that it has had before."""

import subprocess
from pathlib import Path

START = Path(__file__).parents[3] / "examples/shop/deploy/base/start.sh"
PROGRAMS = {"initdb": 'mkdir "${1#--pgdata=}"', "postgres": 'stat --format=%a "$2"'}


def start(folder: Path) -> str:
    """Run the script with its folders and programs below ``folder``; the mode of its data at the end."""
    text = START.read_text()
    for place in ("/usr/lib/postgresql/15/bin", "/data", "/tmp"):
        (folder / place.lstrip("/")).mkdir(parents=True, exist_ok=True)
        text = text.replace(place, f"${{HERE}}{place}")
    for name, line in PROGRAMS.items():
        program = folder / "usr/lib/postgresql/15/bin" / name
        program.write_text(f"#!/bin/sh\n{line}\n")
        program.chmod(0o755)
    variables = {"HERE": str(folder), "DATABASE_PASSWORD": "secret"}
    done = subprocess.run(["sh", "-c", text], capture_output=True, text=True, check=True, env=variables)
    return done.stdout.strip()


def test_it_starts_again_on_a_volume_that_was_opened_to_the_group_of_the_pod(tmp_path):
    """fsGroup does that at every mount, and PostgreSQL refuses such data."""
    assert start(tmp_path) == "700"
    (tmp_path / "data/main").chmod(0o2770)
    assert start(tmp_path) in ("700", "2700")
