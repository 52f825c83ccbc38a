"""The project's Python environment: requirements.lock; with requirements-dev.lock if a task needs that.

aks-flow's own repository has the locks at its top. Another one has a file that says which aks-flow it has:
this is installed beside what the locks name that it carries.

`./inv` runs this module with the machine's own Python, before there is an environment: it and what it imports
need the standard library alone. An environment is made aside and gets its place when it is complete: what is
interrupted counts for nothing, and a call that runs in the old one meanwhile goes on.
"""

import errno
import fcntl
import hashlib
import importlib
import importlib.util
import math
import os
import re
import shutil
import signal
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aks_flow.core.command import Command, command, flags
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Bare, CommandFailed, Runner

DELIVERY = ("requirements.lock",)
DEVELOPMENT = (*DELIVERY, "requirements-dev.lock")
PACKAGE = "aks-flow.txt"  # pip's requirements: which aks-flow a project has that is not aks-flow's own
CARRIED = Path(__file__).parent / "program_locks"  # those two, and those of programs: uv, az
UV = CARRIED / "uv.lock"
CHECKOUT = Path(__file__).resolve().parents[3]  # of aks-flow itself, unless the package was installed
_INTERRUPTED = 130  # the shell's code for SIGINT

_AGAIN = "then run the same command again."
_FULL = re.compile(r"No space left on device|os error 28\b|No usable temporary directory")
_UNTRUSTED = re.compile(r"invalid peer certificate|CertVerificationError|CERTIFICATE_VERIFY_FAILED")
_UNREACHABLE = re.compile(
    r"connection broken by '(?!SSLError)"  # pip tries again, and names what broke
    r"|Failed to establish a new connection|Connect(?:Timeout|ionError)|Read timed out|Network is unreachable"
    r"|dns error|error sending request|client error \(Connect\)|operation timed out"
)

Tell = Callable[[str], None]


def sources(project: Path, locks: tuple[str, ...]) -> tuple[Path, ...]:
    """The files that a project's environment is made from."""
    package = project / PACKAGE
    if package.is_file():
        return (*(CARRIED / name for name in locks), package)
    return tuple(project / name for name in locks)


def bring(run: Runner, files: tuple[Path, ...], place: Path, tell: Tell) -> None:
    """An environment at ``place`` with exactly what these files name, made unless it is there.

    files: locks, and maybe PACKAGE last. AksFlowError if it cannot be made: what is at ``place`` then stays.
    """
    place = Path(os.path.realpath(place))
    if is_complete(files, place):
        return
    with _workshop(place, tell) as aside:
        if not is_complete(files, place):  # another call may have made it meanwhile
            last = files[-1].name
            tell(f"installing what {last} names into {place.name} (first use, or the file has changed)")
            _make(run, files, place, aside)


def grow(project: Path, tell: Tell) -> None:
    """What development needs, in this process's environment; one that `./inv` did not make stays as it is."""
    place = Path(sys.prefix)
    root = CHECKOUT if (CHECKOUT / DEVELOPMENT[-1]).is_file() else project
    more = sources(root, DEVELOPMENT)
    if is_complete(sources(root, DELIVERY), place) and not is_complete(more, place):
        bring(Bare(), more, place, tell)
        importlib.invalidate_caches()


def had(place: Path) -> tuple[str, ...]:
    """The locks that an environment is to be made from again: an editor may use what development needs."""
    return DEVELOPMENT if (place / DEVELOPMENT[-1]).is_file() else DELIVERY


def is_complete(files: tuple[Path, ...], place: Path) -> bool:
    """True if it was made from these very files, and the Python that it was made with is there."""
    made = (place / "bin" / "python").is_file()
    return made and all(_content(place / file.name) == _content(file) != b"" for file in files)


def _content(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


def uv(run: Runner) -> Path:
    """The uv that its lock names, by its hash; kept for all clones of this machine."""
    lock = UV.read_bytes()
    version = re.search(rb"^uv==(\S+)", lock)[1].decode()
    key = f"{version}-{sysconfig.get_platform()}-{hashlib.sha256(lock).hexdigest()[:8]}"
    program = cache() / f"uv-{key}"
    if not program.is_file():
        program.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=program.parent, prefix="uv.new-") as folder:
            run.run(_fetch(UV, folder))
            Path(folder, "bin", "uv").replace(program)
    return program


def cache() -> Path:
    """Where this machine keeps what all clones share."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aks-flow"


def _fetch(lock: Path, folder: str) -> Command:
    """pip, installed or packed as this Python has it: an environment of its own would take longer."""
    own = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}  # nobody's configuration stands against --target
    if not importlib.util.find_spec("pip"):
        own["PYTHONPATH"] = str(_packed_pip())
    return command(
        *(sys.executable, "-m", "pip", "install"),
        *flags(quiet=True, disable_pip_version_check=True, no_compile=True, no_deps=True),
        *flags(only_binary=":all:", require_hashes=True, requirement=lock, target=folder),
        env=own,
    )


def _packed_pip() -> Path:
    """The wheel of pip that `ensurepip` installs from; it runs as it is."""
    bundle = importlib.util.find_spec("ensurepip")
    folders = [sysconfig.get_config_var("WHEEL_PKG_DIR"), bundle and Path(bundle.origin).parent / "_bundled"]
    wheels = [wheel for folder in folders if folder for wheel in Path(folder).glob("pip-*.whl")]
    if not (bundle and wheels):
        install = "`sudo apt-get update && sudo apt-get install python3-venv`"
        step = f"Install it (Debian, Ubuntu: {install}); {_AGAIN}"
        raise AksFlowError(f"{sys.executable} has neither pip nor venv", next_step=step)
    return wheels[0]


def _make(run: Runner, files: tuple[Path, ...], place: Path, aside: Path) -> None:
    _refuse_other(place)
    draft = aside / f"new-{os.getpid()}"
    try:
        for step in _steps(uv(run), draft, files):
            run.run(step)
    except CommandFailed as error:
        raise _refusal(error, place) from error
    for file in files:
        shutil.copy(file, draft)
    if place.exists():
        place.rename(aside / f"old-{os.getpid()}")
    draft.rename(place)


def _steps(program: Path, draft: Path, files: tuple[Path, ...]) -> tuple[Command, ...]:
    """Modules are compiled when they are first imported: all of them would take longer than the rest.

    The Python itself, not its link: after an upgrade of the system's, the environment is made anew.
    """
    python = os.path.realpath(sys.executable)
    inside = draft / "bin" / "python"
    locks = [file for file in files if file.name != PACKAGE]
    steps = (
        command(program, "venv", *flags(quiet=True, relocatable=True, python=python), draft),
        command(program, "pip", "sync", *flags(quiet=True, require_hashes=True, python=inside), *locks),
    )
    return (*steps, *(_install(program, file, inside) for file in files if file.name == PACKAGE))


def _install(program: Path, package: Path, python: Path) -> Command:
    """A path in the file begins at its folder. Of what the locks have brought, nothing is replaced."""
    options = flags(quiet=True, python=python, requirements=package)
    return command(program, "pip", "install", *options, cwd=package.parent)


def _refuse_other(place: Path) -> None:
    """AksFlowError if there is a folder that is no environment: it would be removed."""
    if place.is_dir() and any(place.iterdir()) and not (place / "pyvenv.cfg").is_file():
        step = "Let AKSFLOW_VENV name an empty folder, or one that is not there."
        raise AksFlowError("this is no Python environment", where=str(place), next_step=step)


def _refusal(error: CommandFailed, place: Path) -> AksFlowError:
    said = error.result.error_text + error.result.text
    if _FULL.search(said):
        return _full(place)
    if _UNTRUSTED.search(said):
        step = f"Let SSL_CERT_FILE and PIP_CERT name a file that has the certificate of your proxy; {_AGAIN}"
        return AksFlowError("the certificate that PyPI is reached by is not trusted here", next_step=step)
    if _UNREACHABLE.search(said):
        return AksFlowError("PyPI cannot be reached", next_step=f"Check the network, or the proxy; {_AGAIN}")
    return error


def _full(place: Path) -> AksFlowError:
    fullest = min(place.parent, cache(), Path("/tmp"), key=_free)
    step = f"Make room there (1 GB is enough); {_AGAIN}"
    return AksFlowError("the disk is full", where=str(fullest), next_step=step)


def _free(folder: Path) -> float:
    return shutil.disk_usage(folder).free if folder.is_dir() else math.inf


@contextmanager
def _workshop(place: Path, tell: Tell) -> Iterator[Path]:
    """A folder beside ``place``, for one call at a time, and empty again after; an OSError is a sentence.

    The kernel frees the lock of a killed process; what that left goes with the next call.
    """
    folder = place.with_name(f"{place.name}.making")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            _acquire(lock, place, tell)
            _clear(folder)
            try:
                yield folder
            finally:
                _clear(folder)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _full(place) from error
        step = f"Correct what it says; {_AGAIN}"
        raise AksFlowError(f"the environment cannot be made: {error}", next_step=step) from error


def _clear(folder: Path) -> None:
    for left in folder.glob("*-*"):
        shutil.rmtree(left, ignore_errors=True)


def _acquire(lock, place: Path, tell: Tell) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        tell(f"waiting for another call that makes the environment in {place.name}")
        fcntl.flock(lock, fcntl.LOCK_EX)


def main(root: Path, place: Path) -> int:
    """For `./inv`, where requirements.lock or PACKAGE has changed; the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    def say(text: str) -> None:
        print(f"inv: {text}", file=sys.stderr, flush=True)

    try:
        bring(Bare(), sources(root, had(place)), place, say)
    except AksFlowError as error:
        say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        say("stopped: run the same command again to go on")
        return _INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
