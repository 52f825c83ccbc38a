"""Did the API server answer, or did nobody? What kubectl prints, read for that. Pure."""

import re

from aks_flow.core.command import Result

# With --v=6 kubectl writes what it does beside the error itself, a server's own words among that.
_LOGGED = re.compile(r"[IWEF]\d{4} \d\d:\d\d:\d\d")
_REFUSAL = "Error from server"
# Which kinds there are is asked first; why that failed stands in the log alone.
NO_KIND, _ASKED_KINDS = "the server doesn't have a resource type", "memcache.go:"
_LOST = re.compile(
    r"The connection to the server .* was refused|Unable to connect to the server"
    r"|connection refused|connection reset by peer|broken pipe|: (?:unexpected )?EOF\b|client connection lost"
    r"|i/o timeout|TLS handshake timeout|context deadline exceeded|Client\.Timeout exceeded|no route to host"
    r"|network is unreachable|server sent GOAWAY|stream error: stream ID|transport is closing"
)
_BUSY = re.compile(
    r"Error from server \((?:TooManyRequests|Timeout|ServerTimeout)\)"
    r"|the server is currently unable to handle the request|code = Unavailable desc"
    r"|etcdserver: (?:request timed out|leader changed|no leader|too many requests)"
    r"|an error on the server \(.*\) has prevented the request from succeeding"
    r"|You must be logged in to the server",  # it could not find out who asks, or a sign-in has run out
    re.DOTALL,
)
_FOR_NOW = re.compile(
    r"failed calling webhook|failed to call webhook|status unknown for quota|quota evaluation timed out"
    r"|Operation cannot be fulfilled on .* the object has been modified"
)


def is_lost(answer: Result) -> bool:
    """Whether the connection failed: no server said anything, not even that it refuses."""
    return answer.code != 0 and any(_LOST.search(line) for line in _own_words(answer))


def is_busy(answer: Result) -> bool:
    """Whether the server itself asks to come again, or who asks. An app behind a Service may say the same."""
    return answer.code != 0 and bool(_BUSY.search(answer.error_text))


def is_refused_for_now(answer: Result) -> bool:
    """Whether the server refuses what the next try may do: a webhook gave no answer, a quota is not counted
    yet, or somebody wrote at the same moment."""
    return answer.code != 0 and bool(_FOR_NOW.search(answer.error_text))


def _own_words(answer: Result) -> list[str]:
    """kubectl's, and not the server's: a webhook that does not answer the server is a refusal."""
    lines = [line for line in answer.error_text.splitlines() if not line.startswith(_REFUSAL)]
    own = [line for line in lines if not _LOGGED.match(line)]
    kinds_unread = any(NO_KIND in line for line in own)
    return own + [line for line in lines if kinds_unread and _ASKED_KINDS in line]
