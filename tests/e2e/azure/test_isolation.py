"""`az` speaks to the stand-in and to nobody else: counted in a network where every other way is watched.

The network has loopback and one interface that leads nowhere, with the default route: whatever is meant for
elsewhere, a name server included, leaves through it and is counted.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aks_flow.rehearsal.standins.azure import azure_process
from tests.e2e.standin import REPOSITORY, configuration
from tests.package import ENVIRONMENT

_NETWORK = """
set -e
ip link set lo up
ip link add elsewhere type veth peer name nowhere
for end in elsewhere nowhere; do
    echo 1 > /proc/sys/net/ipv6/conf/$end/disable_ipv6
    ip link set $end up
done
ip address add 198.51.100.1/24 dev elsewhere
ip route add default via 198.51.100.2
exec "$@"
"""


def test_nothing_but_the_stand_in_is_asked_for_anything(azure, tmp_path):
    """azure: brings the program; the calls have a stand-in of their own."""
    seen = _alone(tmp_path, "calls")
    assert seen == {"groups": ["alone"], "elsewhere": 0}


def test_what_goes_elsewhere_is_counted(tmp_path):
    assert _alone(tmp_path, "probe")["elsewhere"] > 0


def _alone(folder: Path, what: str) -> dict:
    """Run this file's ``what`` in the network; what it printed."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("unshare", "ip"))):
        pytest.skip("a network of its own needs root, `unshare` (util-linux) and `ip` (iproute2)")
    inside = ("unshare", "--net", "--mount", "sh", "-c", _NETWORK, "sh", sys.executable, "-m", __name__)
    done = subprocess.run(
        [*inside, what, folder], cwd=REPOSITORY, env=ENVIRONMENT, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _packets() -> int:
    """How many have left by the interface (proc(5), /proc/net/dev: the tenth figure of its line)."""
    lines = Path("/proc/net/dev").read_text().splitlines()
    [line] = [line for line in lines if line.strip().startswith("elsewhere:")]
    return int(line.partition(":")[2].split()[9])


def _calls(folder: Path) -> dict:
    from aks_flow.core.command import Command
    from aks_flow.core.runner import Local
    from aks_flow.rehearsal.standins.azure import client

    config, run = configuration(folder), Local()
    try:
        seed = azure_process.ensure(run, config)
        home = azure_process.process(config).folder
        az = client.prepare(run, home, home / "cli", f"https://{azure_process.address(config)}", print)
        client.sign_in_owner(run, az, seed)

        def ask(*words: str) -> Command:
            return az.command(*words, "--output", "json")

        run.run(ask("group", "create", "--name", "alone", "--location", "westeurope"))
        run.run(ask("account", "list", "--refresh"))
        missing = az.command("group", "show", "--name", "missing", ok=(3,))
        run.run(missing)
        groups = [each["name"] for each in json.loads(run.run(ask("group", "list")).text)]
    finally:
        azure_process.stop(config)
    return {"groups": groups, "elsewhere": _packets()}


def _probe(folder: Path) -> dict:
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(b"anybody?", ("203.0.113.7", 53))
    return {"elsewhere": _packets()}


if __name__ == "__main__":
    print(json.dumps({"calls": _calls, "probe": _probe}[sys.argv[1]](Path(sys.argv[2]))))
