"""Which branches a scenario delivers from, and which environments they lead to."""

from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase

from aks_flow.core.config import Config
from aks_flow.core.config.branches import GITFLOW
from aks_flow.core.config.errors import ConfigError
from aks_flow.core.config.reaching import reaching
from aks_flow.gitflow.version import Version


def develop(config: Config) -> str:
    """The branch that a scenario pushes from."""
    return _called(config)["develop"]


def main(config: Config) -> str:
    return _called(config)["main"]


def feature(config: Config, name: str) -> str:
    return f"{_called(config)['feature']}{name}"


def release(config: Config, version: Version | str) -> str:
    """The branch of a release, which a scenario pulls from; its pattern for ``*``."""
    return f"{_called(config)['release']}{version}"


def pushed_to(config: Config) -> str:
    """The environment that develop reaches, or else the first that admits any version; else ConfigError."""
    for name in _candidates(config, develop(config), {"any"}):
        return name
    step = "Let develop reach one, or have one with `admits: any`."
    raise ConfigError("no environment takes what develop delivers", where="environments", next_step=step)


def pulled_to(config: Config) -> str:
    """The environment that a release branch reaches, or else another that admits candidates.

    If there is none, the one that is pushed to.
    """
    pushed = pushed_to(config)
    names = _candidates(config, release(config, "1.0.0"), {"any", "candidate"})
    return next((name for name in names if name != pushed), pushed)


def is_shared(config: Config) -> bool:
    """Whether both paths would deliver to one environment."""
    return pushed_to(config) == pulled_to(config)


def reached_by(config: Config, branch: str) -> str:
    """The first environment that the branch reaches; ConfigError if there is none."""
    for name, patterns in reaching(config.branches, config.environments).items():
        if any(fnmatchcase(branch, pattern) for pattern in patterns):
            return name
    step = "Name it among the `branches` of an environment."
    raise ConfigError(f"the branch {branch} reaches no environment", where="environments", next_step=step)


def _candidates(config: Config, branch: str, admitted: Collection[str]) -> Iterator[str]:
    """Those that the branch reaches, then the others; of both those whose policy is one of the admitted."""
    fits = [name for name, environment in config.environments.items() if environment.admits in admitted]
    patterns = reaching(config.branches, config.environments)
    reached = [name for name in fits if any(fnmatchcase(branch, pattern) for pattern in patterns[name])]
    yield from dict.fromkeys([*reached, *fits])


def _called(config: Config) -> dict[str, str]:
    return GITFLOW | config.branches
