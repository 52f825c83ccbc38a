"""Which aks-flow a project is to have: the one that runs, or one that a person names."""

import hashlib
import json
import re
import urllib.parse
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from aks_flow.core.environment import CHECKOUT
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitflow import ancestry
from aks_flow.tools.git import refs, remotes

NAME = "aks-flow"
HOME = ".aks-flow"  # of a project: its environment, and a wheel if it has one
_REQUIREMENT = re.compile(r"aks[-_]flow(\[[\w,-]+\])?\s*(==\s*[\w.+!-]+|@\s*\S+)", re.IGNORECASE)
_ADDRESS = re.compile(r"(git\+)?(https|http|ssh|file)://\S+")
_GITHUB = re.compile(r"(?:ssh://)?git@github\.com[:/](?P<path>.+)")
_WHEEL = re.compile(r"aks_flow-[\w.+!]+-py3-none-any\.whl")


@dataclass(frozen=True)
class Package:
    """requirement: a line of pip's. wheel: the file that the project's folder is to have for it."""

    requirement: str
    wheel: Path | None = None

    @property
    def is_local(self) -> bool:
        """Whether other machines cannot have it."""
        return "file://" in self.requirement


def named(text: str) -> Package:
    """What a person names: a requirement, an address, or a wheel's path; AksFlowError for anything else."""
    if _REQUIREMENT.fullmatch(text):
        return Package(text)
    if _ADDRESS.fullmatch(text):
        return Package(_requirement(text))
    if text.endswith(".whl"):
        return of_wheel(Path(text).expanduser())
    step = "Name aks-flow==VERSION, git+https://HOST/PATH@COMMIT, or a wheel's path."
    raise AksFlowError(f"{text!r} is no way to aks-flow", where="--package", next_step=step)


def of_wheel(wheel: Path) -> Package:
    """A wheel that the project's own folder is to hold."""
    if not _WHEEL.fullmatch(wheel.name) or not wheel.is_file():
        what = "this is no wheel of aks-flow" if wheel.is_file() else "there is no such file"
        step = "`uv build --wheel` or `pip wheel --no-deps` makes one in a clone of aks-flow."
        raise AksFlowError(what, where=str(wheel), next_step=step)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()  # so that another wheel of the same name is told
    return Package(f"./{HOME}/{wheel.name}  # sha256:{digest}", wheel)


def running(run: Runner) -> Package:
    """The one that this is; AksFlowError if nothing says where it came from.

    A clone is asked first: a wheel that was built in it has left a distribution there, as if of an index.
    """
    try:
        return _checkout(run, CHECKOUT) if _is_clone(CHECKOUT) else _installed(run, distribution(NAME))
    except PackageNotFoundError:
        return _checkout(run, CHECKOUT)


def _installed(run: Runner, installed: Distribution) -> Package:
    """As PEP 610 has it written down; without that it came from an index."""
    text = installed.read_text("direct_url.json")
    if not text:
        return Package(f"{NAME}=={installed.version}")
    origin = json.loads(text)
    url = origin["url"]
    if "vcs_info" in origin:
        return Package(_requirement(f"git+{url}@{origin['vcs_info']['commit_id']}"))
    if not url.startswith("file://"):
        return Package(_requirement(url))
    path = Path(urllib.parse.unquote(urllib.parse.urlsplit(url).path))
    return _checkout(run, path) if "dir_info" in origin else of_wheel(path)


def _requirement(address: str) -> str:
    """As pip takes it: before 24 it takes no name before an address without a host."""
    return address if "file:///" in address else f"{NAME} @ {address}"


def _checkout(run: Runner, folder: Path) -> Package:
    """The commit that is checked out: where the clone came from if it is there too, or else in the clone."""
    commit = ancestry.commit_of(run, folder, "HEAD") if _is_clone(folder) else ""
    if not commit:
        step = "Name one with --package: aks-flow==VERSION, git+https://HOST/PATH@COMMIT, or a wheel's path."
        raise AksFlowError("it is not known where this aks-flow came from", where=str(folder), next_step=step)
    origin = run.run(remotes.origin(folder)).text.strip()
    is_there = "refs/remotes/origin/" in run.run(refs.branches_with(folder, commit)).text
    address = address_of(origin) if is_there else ""
    return Package(_requirement(f"git+{address or folder.resolve().as_uri()}@{commit}"))


def _is_clone(folder: Path) -> bool:
    return (folder / ".git").exists()


def address_of(origin: str) -> str:
    """Where a clone came from as pip takes it, without a password; "" for a path of this machine."""
    if github := _GITHUB.fullmatch(origin):
        return f"https://github.com/{github['path']}"
    if "://" in origin:
        return remotes.parse_url(origin)
    host, colon, path = origin.partition(":")
    return f"ssh://{host}/{path.lstrip('/')}" if colon and "/" not in host else ""
