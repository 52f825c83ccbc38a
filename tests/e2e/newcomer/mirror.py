"""A registry in a machine that stands for Docker Hub there, with images that the machine itself has made."""

from pathlib import Path

import yaml

from tests.e2e.newcomer.machine import REPOSITORY, Machine

ADDRESS = "127.0.0.1:5999"
SETTINGS = Path("srv/mirror.yml")
STARTED = f"""
PATH=.venv/bin:$PATH docker-registry serve /{SETTINGS} >/srv/mirror.log 2>&1 &
dockerd --registry-mirror=http://{ADDRESS} >/srv/dockerd.log 2>&1 &
timeout 60 sh -c 'until docker info; do sleep 0.2; done'
"""
SEEDED = """
set -e
made=$(docker images --format '{{.Repository}}:{{.Tag}}' "$1")
docker tag "$made" "$2"
timeout 60 sh -c 'until docker push "$1"; do sleep 0.2; done' push "$2"
"""
EMPTIED = "docker rmi --force $(docker images --quiet)"


def start(machine: Machine, clone: str) -> None:
    """The registry, by the clone's program, with all third-party images, and an empty engine that asks it."""
    configuration = {
        "version": 0.1,
        "storage": {"filesystem": {"rootdirectory": "/srv/mirror"}},
        "http": {"addr": ADDRESS},
    }
    (machine.root / SETTINGS).write_text(yaml.safe_dump(configuration))
    _run(machine, STARTED, clone)
    for image in yaml.safe_load((REPOSITORY / "invoke.yaml").read_text())["images"].values():
        name = image["source"].partition(":")[0]
        replacement = f"aks-flow/replacement-{name}"
        _run(machine, f"set -- {replacement} {ADDRESS}/library/{image['source']}\n{SEEDED}")
    _run(machine, EMPTIED)


def _run(machine: Machine, line: str, folder: str = "/srv") -> None:
    done = machine.run(line, folder)
    assert done.exit == 0, str(done)
