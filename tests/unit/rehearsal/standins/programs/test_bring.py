"""What is lacking is said once and installed in one call, with apt's answers planned."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.programs import install, machine
from aks_flow.rehearsal.standins.programs.bring import bring, lacking
from aks_flow.rehearsal.standins.programs.machine import Machine
from aks_flow.rehearsal.standins.programs.table import REHEARSAL
from aks_flow.tools import apt
from dev.programs import TESTS
from tests.unit.planned import Planned

TRIXIE = {"ID": "debian", "VERSION_CODENAME": "trixie", "PRETTY_NAME": "Debian 13"}
INSTALLED = ["docker-cli", "docker-buildx", "docker.io", "mmdebstrap"]
HELD = Result(100, b"", b"E: Could not get lock /l. It is held by process 7 (unattended-upgr)\n")
INTERRUPTED = Result(100, b"", b"E: dpkg was interrupted, you must manually run 'dpkg --configure -a'\n")


class Apt(Planned):
    """Planned answers by argv, a list of them one after the other. What is installed is there then."""

    def __init__(self, more: dict[str, object] | None = None, brings: tuple[str, ...] = ()):
        self.there, self._brings = {"apt-get"}, brings or tuple(program.name for program in REHEARSAL)
        super().__init__(
            {
                "apt-get update --quiet": "",
                str(
                    apt.addresses(INSTALLED)
                ): "'http://x/a.deb' a.deb 60000000\n'http://x/b.deb' b.deb 5400000\n",
                str(apt.archive_addresses(["docker-registry"])): "'http://x/c.deb' c.deb 5000000\n",
                str(apt.install(INSTALLED)): "",
                "apt-get download --quiet docker-registry": "",
                **(more or {}),
            }
        )

    def run(self, command: Command) -> Result:
        answer = self.answers.get(str(command))
        if isinstance(answer, list):
            self.answers[str(command)], rest = answer[0], answer[1:]
            try:
                return super().run(command)
            finally:
                self.answers[str(command)] = rest
        result = super().run(command)
        if command.argv[:2] == ("apt-get", "install") and not command.reads and not result.code:
            self.there |= set(self._brings)
        return result


@pytest.fixture(autouse=True)
def nothing_starts_servers(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "INIT", tmp_path / "no init")
    monkeypatch.setattr(machine, "POLICY", tmp_path / "no policy")


def here(run: Apt, facts: dict[str, str] = TRIXIE, root: bool = True) -> Machine:
    return Machine(facts, root, run.there.__contains__, Path("unused"))


def brought(run: Apt, programs=REHEARSAL) -> list[str]:
    """What a person was told."""
    told: list[str] = []
    bring(run, programs, here(run), told.append)
    return told


def test_all_is_said_once_and_installed_in_one_call():
    run = Apt()
    (told,) = brought(run)
    assert told == (
        "Debian 13: installs docker-cli, docker-buildx, docker.io, mmdebstrap; "
        "takes docker-registry out of its package, which would start a server; about 70 MB to download"
    )
    changing = [line for line, command in zip(run.lines, run.ran, strict=True) if not command.reads]
    assert changing == [
        "apt-get update --quiet",
        str(apt.install(INSTALLED)),
        "apt-get download --quiet docker-registry",
    ]


def test_nothing_is_run_where_nothing_is_lacking():
    run = Apt()
    run.there |= {program.name for program in REHEARSAL}
    assert lacking(REHEARSAL, here(run)) == []
    assert brought(run, lacking(REHEARSAL, here(run))) == [] and run.ran == []


def test_only_what_is_lacking_is_installed():
    run = Apt({str(apt.addresses(["mmdebstrap"])): "", str(apt.install(["mmdebstrap"])): ""})
    run.there |= {"docker", "dockerd", "docker-registry"}
    (told,) = brought(run, lacking(REHEARSAL, here(run)))
    assert "installs mmdebstrap; about 0 MB" in told


def locked(step: Command, times: int) -> dict[str, object]:
    return {str(step): [HELD] * times + [""]}


@pytest.mark.parametrize("step", [apt.update(), apt.install(INSTALLED)], ids=["lists", "dpkg"])
def test_a_held_lock_is_waited_for_and_its_holder_said_once(step, monkeypatch):
    monkeypatch.setattr(install.wait.threading, "Event", lambda: NoTime)
    run = Apt(locked(step, times=3))
    run.there |= {program.name for program in REHEARSAL}
    told = brought(run)
    assert told.count("waiting for apt's lock, which process 7 (unattended-upgr) holds") == 1
    assert run.lines.count(str(step)) == 4


class NoTime:
    @staticmethod
    def wait(seconds: float) -> None:
        """Goes by at once."""


def test_a_lock_that_is_held_for_minutes_ends_the_run_in_one_sentence(monkeypatch):
    monkeypatch.setattr(install, "LOCKED_FOR", 0)
    assert refused(Apt({"apt-get update --quiet": HELD})) == (
        "apt's lock is still held after 0 s, by process 7 (unattended-upgr). "
        "Let that end; then run the same command again."
    )


def refused(run: Apt, programs=REHEARSAL, at: Callable[[Apt], Machine] = here) -> str:
    with pytest.raises(AksFlowError) as caught:
        bring(run, programs, at(run), lambda told: None)
    return str(caught.value)


def test_an_interrupted_installation_is_finished_first():
    run = Apt({str(apt.install(INSTALLED)): [INTERRUPTED, ""], str(apt.configure()): ""})
    run.there |= {program.name for program in REHEARSAL}
    told = brought(run)
    assert "an installation was interrupted before: finishing it (dpkg --configure --pending)" in told
    order = [line for line in run.lines if line in (str(apt.install(INSTALLED)), str(apt.configure()))]
    assert order == [str(apt.install(INSTALLED)), str(apt.configure()), str(apt.install(INSTALLED))]


def test_what_dpkg_cannot_finish_is_said():
    broken = Result(1, b"", b"dpkg: error processing package x (--configure):\n x is in a very bad state\n")
    run = Apt({str(apt.install(INSTALLED)): [INTERRUPTED], str(apt.configure()): broken})
    assert refused(run).startswith("`dpkg --configure --pending` failed: x is in a very bad state. ")


@pytest.mark.parametrize(
    ("step", "said", "sentence"),
    [
        (apt.addresses(INSTALLED), b"E: Unable to locate package docker-cli", "no such package"),
        (apt.install(INSTALLED), b"E: Failed to fetch http://x/a.deb  404  Not Found", "answers 404"),
        (
            apt.install(INSTALLED),
            b"E: Failed to fetch http://x/a.deb  Could not resolve 'x'",
            "be reached (x",
        ),
        (apt.install(INSTALLED), b"E: You don't have enough free space in /var/cache/.", "the disk is full"),
        (apt.download("docker-registry", Path()), b"E: x (28: No space left on device)", "the disk is full"),
    ],
)
def test_a_failure_is_one_sentence_with_its_cause(step, said, sentence):
    told = refused(Apt({str(step): Result(100, b"", said)}))
    assert sentence in told and "\n" not in told


def test_lists_that_could_not_be_fetched_are_why_a_package_is_not_known():
    unreachable = (
        b"W: Failed to fetch http://deb.example/InRelease  Temporary failure resolving 'deb.example'"
    )
    unknown = Result(100, b"", b"E: Unable to locate package docker-cli")
    run = Apt({"apt-get update --quiet": Result(0, b"", unreachable), str(apt.addresses(INSTALLED)): unknown})
    assert "the package mirror cannot be reached (deb.example, Temporary failure" in refused(run)


def test_a_program_that_its_package_does_not_bring_is_said_with_both_names():
    told = refused(Apt(brings=("docker", "dockerd", "mmdebstrap")))
    assert "docker-registry is still not there after docker-registry was installed. " in told
    told = refused(Apt(brings=("dockerd", "docker-registry", "mmdebstrap")))
    assert "docker is still not there after docker-cli, docker-buildx was installed. " in told


def test_a_person_without_the_rights_is_told_what_to_install():
    run = Apt()
    told = refused(run, lacking(REHEARSAL, here(run, root=False)), lambda run: here(run, root=False))
    assert told == (
        "missing: docker (the Docker client), dockerd (the Docker engine). "
        "`sudo apt-get update && sudo apt-get install docker-cli docker-buildx docker.io` brings it; "
        "then run the same command again."
    )
    assert run.ran == []


def test_what_something_else_does_is_not_asked_of_them():
    run = Apt()
    run.there |= {"docker", "dockerd"}
    assert lacking(REHEARSAL, here(run, root=False)) == []


def test_nobody_is_told_to_install_a_server():
    assert not {program for program in lacking(TESTS, here(Apt(), root=False)) if program.server}


def test_another_distribution_is_left_alone():
    run = Apt()
    fedora = {"ID": "fedora", "PRETTY_NAME": "Fedora 43"}
    told = refused(run, REHEARSAL[:1], lambda run: here(run, fedora))
    assert told == (
        "missing: docker (the Docker client). "
        "Install what this distribution has for it; then run the same command again."
    )
    assert run.ran == []


SERVERS = [program for program in TESTS if program.server]


def test_a_package_that_would_start_a_server_is_not_installed(tmp_path, monkeypatch):
    init = tmp_path / "init"
    init.touch()
    monkeypatch.setattr(machine, "INIT", init)
    run = Apt()
    assert brought(run, SERVERS) == [
        "redis-server is not installed: it would start a server; without it: the app's own tests",
        "openssh-server is not installed: it would start a server; without it: a jump host",
    ]
    assert run.ran == []


@pytest.mark.parametrize(("answer", "starts"), [(101, False), (0, True), (104, True)])
def test_the_machine_policy_decides_where_there_is_one(tmp_path, monkeypatch, answer, starts):
    policy = tmp_path / "policy-rc.d"
    policy.touch(mode=0o755)
    monkeypatch.setattr(machine, "POLICY", policy)
    run = Planned({f"{policy} redis-server start": Result(answer, b"", b"")})
    assert machine.starts_server(run, "redis-server") is starts
