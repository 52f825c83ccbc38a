"""The environment is made whole or not at all, by one call at a time; what cannot be made is one sentence."""

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aks_flow.core import environment
from aks_flow.core.command import Command, Result
from aks_flow.core.environment import DELIVERY, DEVELOPMENT, PACKAGE, sources
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Bare, CommandFailed

from .installer import Installer

DEADLINE = 60
ROOT = Path(__file__).resolve().parents[3]


def failed(text: str) -> CommandFailed:
    return CommandFailed(Command(("uv",)), Result(2, b"", text.encode()))


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def root(tmp_path) -> Path:
    """A clone's locks."""
    clone = tmp_path / "a clone"
    clone.mkdir()
    for name in DEVELOPMENT:
        (clone / name).write_bytes((ROOT / name).read_bytes())
    return clone


@pytest.fixture
def place(root) -> Path:
    return root / ".venv"


def silent(text: str) -> None:
    pass


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_the_first_call_makes_it_and_the_second_does_nothing(root, place):
    installer, told = Installer(), []
    for _ in range(2):
        environment.bring(installer, sources(root, DELIVERY), place, told.append)
    assert installer.ran == ["fetch uv", ["requirements.lock"]]
    assert told == ["installing what requirements.lock names into .venv (first use, or the file has changed)"]


def test_uv_is_fetched_once_for_all_clones_of_a_machine(root, place, tmp_path):
    installer = Installer()
    for where in (place, tmp_path / "shared" / "venv"):
        environment.bring(installer, sources(root, DELIVERY), where, silent)
    assert installer.ran.count("fetch uv") == 1


def test_another_uv_in_the_lock_is_fetched(root, place, monkeypatch):
    environment.bring(Installer(), sources(root, DELIVERY), place, silent)
    (root / "uv.lock").write_bytes(environment.UV.read_bytes() + b"\n")
    monkeypatch.setattr(environment, "UV", root / "uv.lock")
    (root / DELIVERY[0]).write_bytes((root / DELIVERY[0]).read_bytes() + b"\n")
    again = Installer()
    environment.bring(again, sources(root, DELIVERY), place, silent)
    assert again.ran[0] == "fetch uv"


def test_pip_takes_nothing_but_the_wheel_whose_hash_is_in_the_lock(root, place):
    class Recorder(Installer):
        def run(self, command: Command) -> Result:
            self.first = getattr(self, "first", command)
            return super().run(command)

    recorder = Recorder()
    environment.bring(recorder, sources(root, DELIVERY), place, silent)
    words = recorder.first.argv
    assert {"--require-hashes", "--no-deps", f"--requirement={environment.UV}"} < set(words)
    assert [word for word in words if word.startswith("uv")] == []


def test_it_is_made_with_a_python_that_an_upgrade_does_not_change(root, monkeypatch, tmp_path):
    link = tmp_path / "python3"
    link.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(link))
    step, _ = environment._steps(Path("uv"), tmp_path / "new", ())
    python = step.argv[-2].removeprefix("--python=")
    assert python == os.path.realpath(link) and not Path(python).is_symlink()


def test_development_brings_both_locks_and_keeps_a_delivery_content(root, place):
    installer = Installer()
    environment.bring(installer, sources(root, DELIVERY), place, silent)
    environment.bring(installer, sources(root, DEVELOPMENT), place, silent)
    assert installer.ran[-1] == list(DEVELOPMENT)
    environment.bring(installer, sources(root, DELIVERY), place, silent)
    assert len(installer.ran) == 3


@pytest.mark.parametrize("lock", DEVELOPMENT)
def test_a_changed_lock_makes_it_anew_without_what_was_there(root, place, lock):
    environment.bring(Installer(), sources(root, DEVELOPMENT), place, silent)
    (place / "stray").touch()
    (root / lock).write_text("changed")
    environment.bring(Installer(), sources(root, DEVELOPMENT), place, silent)
    assert not (place / "stray").exists() and (place / lock).read_text() == "changed"


@pytest.mark.parametrize("locks", [DELIVERY, DEVELOPMENT])
def test_a_changed_lock_takes_no_part_away(root, place, locks):
    environment.bring(Installer(), sources(root, locks), place, silent)
    assert environment.had(place) == locks


def test_a_new_environment_has_what_a_delivery_needs(place):
    assert environment.had(place) == DELIVERY


def test_a_python_that_is_gone_makes_it_anew(root, place):
    environment.bring(Installer(), sources(root, DELIVERY), place, silent)
    (place / "bin" / "python").unlink()
    environment.bring(Installer(), sources(root, DELIVERY), place, silent)
    assert (place / "bin" / "python").exists()


ENDS = [KeyboardInterrupt(), SystemExit(), failed("no such wheel"), OSError(errno.EIO, "Input/output error")]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: type(end).__name__)
def test_what_is_interrupted_counts_for_nothing(root, place, end):
    with pytest.raises((type(end), AksFlowError)):
        environment.bring(Installer(end), sources(root, DELIVERY), place, silent)
    assert not place.exists() and names(root / ".venv.making") == ["lock"]
    environment.bring(Installer(), sources(root, DELIVERY), place, silent)
    assert environment.is_complete(sources(root, DELIVERY), place)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: type(end).__name__)
def test_what_was_there_stays_if_the_new_one_cannot_be_made(root, place, end):
    environment.bring(Installer(), sources(root, DELIVERY), place, silent)
    with pytest.raises((type(end), AksFlowError)):
        environment.bring(Installer(end), sources(root, DEVELOPMENT), place, silent)
    assert environment.is_complete(sources(root, DELIVERY), place)


def test_what_a_killed_call_left_goes_and_nothing_else(root, place):
    left, other = root / ".venv.making" / "new-1", root / ".venv.old"
    for folder in (left, other):
        folder.mkdir(parents=True)
    environment.bring(Installer(), sources(root, DELIVERY), place, silent)
    assert not left.exists() and other.exists()


def test_a_folder_of_something_else_is_never_replaced(root, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "letters").write_text("dear")
    with pytest.raises(AksFlowError, match="no Python environment.* AKSFLOW_VENV"):
        environment.bring(Installer(), sources(root, DELIVERY), home, silent)
    assert names(home) == ["letters"]


def test_a_link_to_an_environment_stays_a_link(root, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    place = root / ".venv"
    place.symlink_to(tmp_path / "elsewhere")
    environment.bring(Installer(), sources(root, DELIVERY), place, silent)
    assert place.is_symlink() and environment.is_complete(sources(root, DELIVERY), place)


def test_a_second_call_waits_says_so_and_finds_it_made(root, place):
    class Slow(Installer):
        def run(self, command: Command) -> Result:
            assert waits.wait(DEADLINE)
            return super().run(command)

    waits, said, second = threading.Event(), [], Installer()

    def wait(text: str) -> None:
        said.append(text)
        waits.set()

    def follow(text: str) -> None:  # the first call holds the lock by now
        thread.start()

    thread = threading.Thread(target=environment.bring, args=(second, sources(root, DELIVERY), place, wait))
    environment.bring(Slow(), sources(root, DELIVERY), place, follow)
    thread.join(DEADLINE)
    assert said == ["waiting for another call that makes the environment in .venv"]
    assert second.ran == []


UNREACHABLE = [
    "error: Failed to fetch: `https://pypi.org/simple/sh/`\n  Caused by: error sending request for url",
    "  Caused by: client error (Connect)\n  Caused by: dns error: failed to lookup address information",
    "WARNING: Retrying after connection broken by 'NewConnectionError(': Failed to establish a new"
    " connection: [Errno -3] Temporary failure in name resolution')'\nERROR: No matching distribution",
    "WARNING: Retrying after connection broken by 'NameResolutionError(\"HTTPSConnection(host='pypi.org',"
    " port=443): Failed to resolve 'pypi.org'\")': /simple/uv/\nERROR: No matching distribution",
    "WARNING: Retrying after connection broken by 'ProxyError('Cannot connect to proxy.', OSError())'",
    "pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool(host='pypi.org'): Read timed out.",
    "ERROR: Could not install packages due to an OSError: [Errno 101] Network is unreachable",
]
UNTRUSTED = [
    "  cause: error sending request for url\n  cause: client error (Connect)\n"
    "  cause: invalid peer certificate: UnknownIssuer",
    "WARNING: Retrying after connection broken by 'SSLError(SSLCertVerificationError('self-signed'))'",
]
FULL = [
    failed(
        "error: Failed to install: gh\n  Caused by: failed to copy: No space left on device (os error 28)"
    ),
    failed("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"),
    failed("FileNotFoundError: [Errno 2] No usable temporary directory found in ['/tmp', '/var/tmp']"),
    OSError(errno.ENOSPC, "No space left on device"),
]


@pytest.mark.parametrize("said", UNTRUSTED)
def test_a_certificate_that_is_not_trusted_is_no_lack_of_a_network(root, place, said):
    """As behind a company's proxy that reads what passes."""
    with pytest.raises(AksFlowError, match="is not trusted here. Let SSL_CERT_FILE and PIP_CERT name a file"):
        environment.bring(Installer(failed(said)), sources(root, DELIVERY), place, silent)


@pytest.mark.parametrize("said", UNREACHABLE)
def test_an_unreachable_index_is_one_sentence(root, place, said):
    with pytest.raises(AksFlowError) as caught:
        environment.bring(Installer(failed(said)), sources(root, DELIVERY), place, silent)
    assert str(caught.value) == (
        "PyPI cannot be reached. Check the network, or the proxy; then run the same command again."
    )


@pytest.mark.parametrize("failure", FULL, ids=str)
def test_a_full_disk_is_one_sentence(root, place, failure):
    with pytest.raises(AksFlowError, match=r"^/.*: the disk is full\. Make room there") as caught:
        environment.bring(Installer(failure), sources(root, DELIVERY), place, silent)
    assert "\n" not in str(caught.value)


def test_a_refusal_that_is_none_of_these_keeps_the_programs_words(root, place):
    with pytest.raises(AksFlowError, match="hash mismatch for `sh==2.4.0`"):
        environment.bring(
            Installer(failed("hash mismatch for `sh==2.4.0`")), sources(root, DELIVERY), place, silent
        )


def test_a_place_that_cannot_be_written_is_one_sentence(root, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(AksFlowError, match="cannot be made: .*Not a directory.*file") as caught:
        environment.bring(Installer(), sources(root, DELIVERY), tmp_path / "file" / "venv", silent)
    assert "\n" not in str(caught.value)


def test_without_pip_the_packed_one_runs(monkeypatch, root, place):
    find_spec = environment.importlib.util.find_spec
    monkeypatch.setattr(
        environment.importlib.util, "find_spec", lambda name: None if name == "pip" else find_spec(name)
    )
    call = environment._fetch(root / environment.UV, str(place))
    shown = subprocess.run(
        [*call.argv[:3], "--version"], env={**os.environ, **call.env}, capture_output=True, text=True
    )
    assert f"from {call.env['PYTHONPATH']}" in shown.stdout, shown.stderr


def test_a_python_with_neither_pip_nor_venv_is_one_sentence(monkeypatch, root, place):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(AksFlowError, match=r"neither pip nor venv\. .*update && .*install python3-venv"):
        environment.bring(Installer(), sources(root, DELIVERY), place, silent)


@pytest.fixture
def adopted(tmp_path) -> Path:
    """A repository that says which aks-flow it has, and that has no locks of its own."""
    folder = tmp_path / "a shop"
    folder.mkdir()
    (folder / PACKAGE).write_text("aks-flow==0.1.0\n")
    return folder


def test_a_project_that_names_its_aks_flow_gets_that_beside_what_the_carried_locks_name(adopted):
    installer, told, place = Installer(), [], adopted / ".aks-flow" / "venv"
    environment.bring(installer, sources(adopted, DELIVERY), place, told.append)
    assert installer.ran == ["fetch uv", ["requirements.lock"], [PACKAGE]]
    assert told == ["installing what aks-flow.txt names into venv (first use, or the file has changed)"]
    assert (place / PACKAGE).read_text() == "aks-flow==0.1.0\n"


def test_another_aks_flow_makes_it_anew(adopted):
    place = adopted / "venv"
    environment.bring(Installer(), sources(adopted, DELIVERY), place, silent)
    (adopted / PACKAGE).write_text("aks-flow==0.2.0\n")
    assert not environment.is_complete(sources(adopted, DELIVERY), place)


def test_a_path_in_the_file_begins_at_its_folder(adopted, tmp_path):
    [*_, step] = environment._steps(Path("uv"), tmp_path / "new", sources(adopted, DELIVERY))
    assert step.cwd == adopted and f"--requirements={adopted / PACKAGE}" in step.argv


@pytest.mark.parametrize("name", DEVELOPMENT)
def test_the_package_carries_the_locks_of_its_repository(name):
    assert (environment.CARRIED / name).read_bytes() == (ROOT / name).read_bytes()


def test_another_ones_environment_does_not_grow(root, monkeypatch, tmp_path):
    monkeypatch.setattr(environment.sys, "prefix", str(tmp_path))
    environment.grow(root, pytest.fail)


def test_the_bare_runner_answers_as_a_runner_does():
    shout = "import sys; print(sys.stdin.read().upper()); sys.exit(3)"
    answer = Bare().run(Command((sys.executable, "-c", shout), stdin="loud", ok=(3,)))
    assert (answer.code, answer.text) == (3, "LOUD\n")
    with pytest.raises(CommandFailed, match="exit code 3"):
        Bare().run(Command((sys.executable, "-c", shout)))
