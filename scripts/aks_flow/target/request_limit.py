"""A runner whose kubectl asks the cluster for a bounded time: what a lock let begin is not written later."""

from dataclasses import replace

from aks_flow.core.command import Command, Result, flags
from aks_flow.core.runner import RunnerAround

SECONDS = 60  # for one request: an API server gives up by itself after that time
_LIMIT = flags(request_timeout=f"{SECONDS}s")
_WAITING = ("wait", "rollout", "proxy")  # subcommands with a limit of their own, or ended by who began them


class Limited(RunnerAround):
    """Runs commands; each request of a kubectl that does not wait for something ends within `SECONDS`.

    What is followed has no limit: it ends by itself, or is ended.
    """

    def run(self, command: Command) -> Result:
        return self.inner.run(limited(command))


def limited(command: Command) -> Command:
    """The command with kubectl's limit for a request, if it has none and does not wait for something."""
    program, *words = command.argv
    is_bounded = _has_limit(words) or _waits(words) or _is_for_app(words)
    if is_bounded or not command.cluster or program != "kubectl":
        return command
    return replace(command, argv=(*command.argv, *_LIMIT))


def _has_limit(words: list[str]) -> bool:
    return any(word.startswith("--request-timeout=") for word in words)


def _is_for_app(words: list[str]) -> bool:
    """A request to a Service: kubectl tells the server its limit in the query, which the app would get."""
    return any(word.startswith("--raw=") and "/proxy/" in word for word in words)


def _waits(words: list[str]) -> bool:
    """A watch, a subcommand that waits, or a deletion that ends when the objects are gone."""
    subcommand = next((word for word in words if not word.startswith("-")), "")
    is_watch = any(word.startswith("--raw=") and "watch=true" in word for word in words)
    return is_watch or subcommand in _WAITING or (subcommand == "delete" and "--wait=false" not in words)
