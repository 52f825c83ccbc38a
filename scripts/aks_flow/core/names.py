"""Names that come from outside: a grammar each, and the types that the configuration gives to its keys.

What a grammar lets through is no option of a program, and no way out of a folder.
"""

import re
import shlex
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

COMMAND_INVOKE = "command-invoke"
_SCHEMES = ("https", "http", "ssh", "git", "file")
_SCP_LIKE = re.compile(r"(?P<host>[^/:]+):(?P<path>.+)")
_USER_AT_HOST = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_.-]*@[a-zA-Z0-9][a-zA-Z0-9.-]*(:(?P<port>.*))?")
_LONGEST_PORT = 5
_LONGEST_PORT_NAME = 15


@dataclass(frozen=True)
class Grammar:
    """A kind of text.

    what: how it is written, in words that follow "must be".
    read: the value of a text, None if it is not of the kind.
    """

    what: str
    read: Callable[[str], Any]


def matching(what: str, pattern: str) -> Grammar:
    """Texts that a regular expression matches whole; its classes are ASCII's."""
    whole = re.compile(pattern, re.ASCII)
    return fitting(what, lambda text: bool(whole.fullmatch(text)))


def fitting(what: str, fits: Callable[[str], bool]) -> Grammar:
    return Grammar(what, lambda text: text if fits(text) else None)


def one_of(*words: str) -> Grammar:
    return fitting(f"one of: {', '.join(words)}", words.__contains__)


def is_local(repository: str) -> bool:
    """Whether git takes the text for a path on this machine (git-clone(1), "GIT URLS")."""
    return "://" not in repository and not _SCP_LIKE.match(repository)


def is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_PORT and 0 < int(text) < 65536


def _is_plain(text: str) -> bool:
    return text.isprintable() and text != "" and text[0] != "-"


def _is_sentence(text: str) -> bool:
    return _is_plain(text) and text.strip() != ""


def _is_folder(text: str) -> bool:
    return _is_plain(text) and text[0] != "/" and ":" not in text and ".." not in text.split("/")


def is_branch(text: str) -> bool:
    """What git-check-ref-format(1) lets stand beneath refs/heads/, but for ``@``, which is HEAD too."""
    parts = text.split("/")
    refused = (
        text in ("@", "HEAD")
        or text.startswith("-")
        or text.endswith(".")
        or re.search(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{", text)
        or any(not part or part.startswith(".") or part.endswith(".lock") for part in parts)
    )
    return not refused


def is_plain_branch(text: str) -> bool:
    """Without what git takes and a terminal may obey."""
    return is_branch(text) and text.isprintable()


def _is_repository(text: str) -> bool:
    """None that makes git run a program of its own choice (``ext::…``), here or by an option of ssh's."""
    if not _is_plain(text) or "::" in text.partition("/")[0]:
        return False
    if "://" in text:
        return _is_url(text)
    parts = _SCP_LIKE.match(text)
    return not parts or not _has_option(*parts["host"].split("@"), parts["path"])


def _is_url(text: str) -> bool:
    try:
        url = urllib.parse.urlsplit(text)
        host, port = url.hostname or "", url.port
    except ValueError:
        return False
    there = url.path if url.scheme == "file" else host and port != 0
    return url.scheme in _SCHEMES and bool(there) and not _has_option(url.username or "", host)


def _has_option(*parts: str) -> bool:
    return any(part.startswith("-") for part in parts)


def _is_http_path(text: str) -> bool:
    """One that stays within a Service: no other host, and no way up the API server's proxy."""
    path = urllib.parse.unquote(text.partition("?")[0])
    is_plain = re.fullmatch(r"/[^\s#\\]*", text) and not re.search(r"//|\\|[\x00-\x1f]", path)
    return bool(is_plain) and ".." not in path.split("/")


def _is_service_port(text: str) -> bool:
    """A port's number, or its name (RFC 6335)."""
    is_name = re.fullmatch("(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*", text) and len(text) <= _LONGEST_PORT_NAME
    return is_port(text) or bool(is_name)


def _words(text: str) -> tuple[str, ...] | None:
    """A command's words as a shell splits them; None if it has none, or a quote that stays open."""
    try:
        return tuple(shlex.split(text)) or None
    except ValueError:
        return None


def _is_http_url(text: str) -> bool:
    return text.startswith(("http://", "https://")) and not re.search(r"\s", text) and _is_url(text)


def _is_via(text: str) -> bool:
    parts = _USER_AT_HOST.fullmatch(text)
    return text == COMMAND_INVOKE or bool(parts and (parts["port"] is None or is_port(parts["port"])))


EMPTY = fitting("empty", lambda text: text == "")
# https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
Label = Annotated[
    str,
    matching(
        "1 to 63 lower-case letters, digits and '-', with a letter or digit at both ends",
        "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
    ),
]
ServiceName = Annotated[
    str,
    matching(
        "1 to 63 lower-case letters, digits and '-', with a letter first and no '-' last",
        "[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
    ),
]
Word = Annotated[str, matching("letters, digits, '.', '_' and '-', with no '-' first", r"[\w.][\w.-]*")]
Branch = Annotated[str, fitting("a branch's name by git's rules", is_plain_branch)]
OwnerAndName = Annotated[str, matching("OWNER/NAME, as on GitHub", r"(?!-)[\w.-]+/[\w.-]+")]
Repository = Annotated[
    str, fitting("a path, an https, http, ssh, git or file URL, or [user@]host:path", _is_repository)
]
BranchPattern = Annotated[
    str,
    fitting(
        "a branch's name, with `*` for a part of it, as in release/*",
        lambda text: is_plain_branch(text.replace("*", "x")),
    ),
]
Folder = Annotated[str, fitting("the path of a folder in the project", _is_folder)]
ProjectFile = Annotated[str, fitting("the path of a file in the project", _is_folder)]
File = Annotated[str, fitting("a path, with no '-' first", _is_plain)]
Context = Annotated[str, fitting("a context's name, with no '-' first", _is_plain)]
Via = Annotated[str, fitting(f"{COMMAND_INVOKE} or user@host[:port]", _is_via)]
# https://www.debian.org/doc/debian-policy/ch-controlfields.html#source
Package = Annotated[str, matching("a Debian package's name", "[a-z0-9][a-z0-9+.-]+")]
SERVICE_PORT = fitting("a port's name or number", _is_service_port)
HttpPath = Annotated[str, fitting("a path within the Service, such as /readyz", _is_http_path)]
HTTP_URL = fitting("an http or https URL", _is_http_url)
HttpHeader = Annotated[str, matching("a header's name", "[A-Za-z0-9][A-Za-z0-9-]*")]
JsonKey = Annotated[
    str, matching("a key of the answer's JSON, with a dot before each nested one", r"[\w-]+(\.[\w-]+)*")
]
ObjectName = Annotated[
    str,
    matching(
        "1 to 253 lower-case letters, digits, '-' and '.', a letter or digit at each end and beside each '.'",
        r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*",
    ),
]
SecretKey = Annotated[str, matching("a Secret's key: letters, digits, '.', '_' and '-'", r"[\w.-]{1,253}")]
ObjectPattern = Annotated[
    str, matching("KIND/NAME as the check shows it, with * for any part of it", r"[\w.*?-]+/[\w.:*?-]+")
]
Sentence = Annotated[str, fitting("a sentence on one line", _is_sentence)]
CommandLine = Annotated[
    tuple[str, ...], Grammar("a command, with its words as a shell splits them and no open quote", _words)
]
