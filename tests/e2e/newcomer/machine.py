"""A new machine for as long as a test needs it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.newcomer import debian, guard, host

REPOSITORY = Path(__file__).parents[3]
PROGRAMS = ("mmdebstrap", "unshare", "nsenter", "pivot_root", "mount", "ip", "iptables", "git")
BUNDLE = "/srv/aks-flow.bundle"
LAST_LINES = 100
PATIENCE = 900  # seconds for one command


def obstacle() -> str:
    """Why no such machine can be made here; "" if it can."""
    if os.geteuid() != 0:
        return "a new machine is made by root only"
    if missing := [program for program in PROGRAMS if not shutil.which(program)]:
        return f"a new machine is made with {', '.join(missing)}, not to be found here"
    pair = ("ip", "link", "add", "probe", "type", "veth", "peer", "name", "other")
    probe = subprocess.run(["unshare", *guard.NAMESPACES, "--fork", *pair], capture_output=True, text=True)
    return f"a new machine needs namespaces: {probe.stderr.strip()}" if probe.returncode else ""


@dataclass(frozen=True)
class Answer:
    """What a command in a machine left: its exit code, and both outputs as they came."""

    line: str
    exit: int
    output: str

    def __str__(self) -> str:
        last = "\n".join(self.output.splitlines()[-LAST_LINES:])
        return f"`{self.line}` ended with exit code {self.exit}:\n{last}"


@dataclass(frozen=True)
class Machine:
    """root: its files, seen from outside. pid: its first process."""

    root: Path
    pid: int

    def run(self, line: str, folder: str, user: str = "root", **settings: str) -> Answer:
        """A line as a person types it, in a folder, both of the machine."""
        with tempfile.TemporaryFile("w+") as output:
            process = self.start(line, folder, user, output, settings)
            try:
                code = process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                code = -1
            output.seek(0)
            return Answer(line, code, output.read())

    def start(
        self, line: str, folder: str, user: str, output: object, settings: Mapping[str, str]
    ) -> subprocess.Popen:
        """The line's process; nobody waits for it, and it ends with the machine at the latest."""
        enter = ["nsenter", f"--target={self.pid}", *guard.NAMESPACES]
        become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
        shell = ["sh", "-c", 'cd "$1" && eval "$2"', "sh", folder, line]
        home = {} if user == "root" else {"HOME": f"/srv/{user}"}
        return subprocess.Popen(
            [*enter, *become, *shell],
            env={**host.environment(), **home, **settings},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


@contextmanager
def new(suite: str, folder: Path) -> Iterator[Machine]:
    """A new machine with a release of Debian, and what this repository's HEAD is in BUNDLE."""
    root = folder / "root"
    try:
        debian.make(suite, root)
        host.furnish(root)
        _bundle(folder / "origin", root / BUNDLE.lstrip("/"))
        with _held(root) as pid:
            yield Machine(root, pid)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _held(root: Path) -> Iterator[int]:
    """The machine's first process. At the end the machine's processes, network and root are gone."""
    words = [sys.executable, "-m", "tests.e2e.newcomer.guard", root]
    with subprocess.Popen(
        words,
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        first = process.stdout.readline().strip()
        assert first, "the machine did not come up; its guard has said why on standard error"
        yield int(first)


def _bundle(origin: Path, target: Path) -> None:
    """HEAD as the branch main, and the tags; git clones a bundle as it does a repository, whoever owns it."""
    subprocess.run(["git", "clone", "--quiet", "--bare", REPOSITORY, origin], check=True)
    for words in (
        ("update-ref", "refs/heads/main", "HEAD"),
        ("symbolic-ref", "HEAD", "refs/heads/main"),
        ("bundle", "create", "--quiet", target, "HEAD", "main", "--tags"),
    ):
        subprocess.run(["git", "-C", origin, *words], check=True)
