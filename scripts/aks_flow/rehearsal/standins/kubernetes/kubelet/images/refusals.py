"""What the Docker engine says when a pull fails, as the error containerd gives kubelet.

The distinction kept is the one that matters to a person who waits: ``code = NotFound`` does not heal by
waiting, a registry that does not answer may.
"""

import re

_NOT_FOUND = re.compile(
    r"manifest unknown|name unknown|manifest for .* not found|repository .* not found", re.I
)
_LOST = re.compile(r"unknown blob|blob unknown", re.I)  # the manifest is there, and names it
_DENIED = re.compile(r"unauthorized|authentication required|no basic auth|denied", re.I)
_UNREACHABLE = re.compile(
    r"connection refused|no such host|i/o timeout|deadline|network is unreachable|no route"
)


def explain(image: str, message: str) -> str:
    """``rpc error: code = … desc = failed to pull and unpack image "…": failed to resolve image: …``"""
    code, why = _cause(image, message)
    return f'rpc error: code = {code} desc = failed to pull and unpack image "{image}": {why}'


def _cause(image: str, message: str) -> tuple[str, str]:
    if _LOST.search(message):
        unread = "httpReadSeeker: failed open: could not fetch content descriptor from remote"
        return "NotFound", f"failed to copy: {unread}: not found"
    code, why = _unresolved(image, message)
    return code, f"failed to resolve image: {why}"


def _unresolved(image: str, message: str) -> tuple[str, str]:
    if _UNREACHABLE.search(message):
        return "Unavailable", f"failed to do request: {_with_head(message)}"
    if _NOT_FOUND.search(message):
        return "NotFound", f"{image}: not found"
    if _DENIED.search(message):
        return "Unknown", f"failed to authorize: {message}"
    return "Unknown", message


def _with_head(message: str) -> str:
    return re.sub(r"^Get ", "Head ", message)
