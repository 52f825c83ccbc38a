"""The registry credentials that `docker login` stored, wherever it stored them."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.printable import shortened
from aks_flow.core.reading import UNREADABLE
from aks_flow.core.runner import Runner
from aks_flow.target.registry_session import Credentials
from aks_flow.tools import docker

_LENT = ("contexts", "cli-plugins")  # which engine docker means, and what it can do


def folder(environment: Mapping[str, str]) -> Path:
    """Where docker keeps its configuration, for a program with these environment variables."""
    return Path(environment.get("DOCKER_CONFIG") or Path.home() / ".docker")


def prepare(home: Path, environment: Mapping[str, str]) -> None:
    """A docker configuration in ``home`` that has none of the person's logins, but means the same engine."""
    file = _link(home, environment) / "config.json"
    kept = json.loads(file.read_text()).get("currentContext") if file.is_file() else None
    if kept and not (home / "config.json").exists():
        (home / "config.json").write_text(json.dumps({"currentContext": kept}))


def lend(home: Path, environment: Mapping[str, str]) -> None:
    """The same, with the logins that there are by now: steps before this one may have made some."""
    file, copy = _link(home, environment) / "config.json", home / "config.json"
    if file.is_file() and not copy.exists():
        copy.touch(mode=0o600)
        copy.write_text(file.read_text())


def _link(home: Path, environment: Mapping[str, str]) -> Path:
    """Make ``home``; gives the person's own folder, whose engines and plugins it has too."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    own = folder(environment)
    for name in _LENT:
        if (own / name).is_dir():
            with suppress(FileExistsError):  # another run of this clone may sign in, too
                (home / name).symlink_to(own / name)
    return own


def credentials(run: Runner, host: str, folder: Path) -> Credentials | None:
    """What docker would use for ``host``: its config file's entry, or its credential helper's answer.

    folder: docker's configuration. None if nobody has logged in; AksFlowError if the file is malformed.
    """
    file = folder / "config.json"
    try:
        config = file.read_text()
        stored, helper = docker.stored_login(config, host), docker.credential_helper(config, host)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        step = "Make it readable, or let DOCKER_CONFIG name another folder."
        what = f"docker's configuration cannot be read: {error.strerror}"
        raise AksFlowError(what, where=shortened(str(file), 200), next_step=step) from error
    except UNREADABLE as error:  # whose words may quote it
        what = f"not a configuration of docker's ({type(error).__name__})"
        raise AksFlowError(what, where=str(file), next_step="Run `docker login` again.") from error
    if stored:
        return Credentials(*stored)
    if helper:
        answer = run.run(docker.ask_helper(helper, host))
        return Credentials(*docker.parse_helper(answer.text)) if answer.code == 0 else None
    return None
