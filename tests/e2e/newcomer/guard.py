"""Holds a machine: the root in namespaces of its own, with a way out, until its standard input ends.

A process apart, in a session of its own, since Ctrl-C and a killed test run must leave nothing either.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.e2e.newcomer import network

NAMESPACES = ("--mount", "--net", "--pid", "--ipc", "--uts")

# The root is pivoted into: in a mere chroot runc's exec would land outside of it. /proc/self is read before
# the machine has a /proc of its own, as it tells the process id that this side knows. /sys is new, since it
# shows the network of who mounts it, but for the control groups, which the engine needs. /tmp is in memory,
# as Debian 13 has it. The first process waits for the end of its input, and reaps what others leave.
INIT = """
set -e
read -r pid rest </proc/self/stat
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /sys/fs/cgroup sys/fs/cgroup
mount --rbind /dev dev
mount -t tmpfs tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp
pivot_root . .
umount -l .
echo "$pid"
exec 3<&0
cat <&3 >/dev/null &
wait
"""


def hold(root: Path) -> None:
    """Print the process id of the machine's first process, and hold it until standard input ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        with _machine(root) as pid, network.attached(pid):
            print(pid, flush=True)
            sys.stdin.read()
    finally:
        _forget_containers(root)
        shutil.rmtree(root)


@contextmanager
def _machine(root: Path) -> Iterator[int]:
    """Its first process, which ends with its input, and all others with it."""
    words = ["unshare", *NAMESPACES, "--fork", "--kill-child", "sh", "-c", INIT, "init", root]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        first = process.stdout.readline().strip()
        if not first:
            raise RuntimeError("the machine's first process did not come up")
        yield int(first)


def _forget_containers(root: Path) -> None:
    """The control groups of the containers that ended with the machine: nothing else of it is shared.

    Those of others come and go meanwhile, which `os.walk` minds less than a glob.
    """
    ended = {container.name for container in root.glob("var/lib/docker/containers/*")}
    for folder, groups, _ in os.walk("/sys/fs/cgroup"):
        for group in ended.intersection(groups) if Path(folder).name == "docker" else ():
            with suppress(OSError):
                Path(folder, group).rmdir()


if __name__ == "__main__":
    hold(Path(sys.argv[1]))
