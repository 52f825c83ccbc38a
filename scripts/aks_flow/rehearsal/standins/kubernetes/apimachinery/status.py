"""Failures as Kubernetes `Status` objects, with the messages of a standard API server."""

from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.apimachinery.kind import Kind

UNSTORABLE = 507  # the code of a refusal that is the disk's


@dataclass(frozen=True)
class Cause:
    """One fault in an object. reason: FieldValueRequired, …; message: ``Required value``, …"""

    field: str
    reason: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


class StatusError(Exception):
    """A refusal: an HTTP code, a machine-readable reason, a message, and details about the object."""

    def __init__(self, code: int, reason: str, message: str, details: dict | None = None):
        super().__init__(message)
        self.code, self.reason, self.message, self.details = code, reason, message, details
        self.metadata: dict = {}

    def body(self) -> dict:
        status = {"kind": "Status", "apiVersion": "v1", "metadata": self.metadata, "status": "Failure"}
        status |= {"message": self.message} | ({"reason": self.reason} if self.reason else {})
        return status | ({} if self.details is None else {"details": self.details}) | {"code": self.code}


def success(kind: Kind, name: str, uid: str) -> dict:
    """The Status that answers a completed deletion."""
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": _details(name, kind.group, kind.plural) | {"uid": uid},
    }


def not_found(kind: Kind, name: str) -> StatusError:
    message = f'{kind.resource} "{name}" not found'
    return StatusError(404, "NotFound", message, _details(name, kind.group, kind.plural))


def already_exists(kind: Kind, name: str) -> StatusError:
    message = f'{kind.resource} "{name}" already exists'
    return StatusError(409, "AlreadyExists", message, _details(name, kind.group, kind.plural))


MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"


def conflict(kind: Kind, name: str, why: str = MODIFIED) -> StatusError:
    message = f'Operation cannot be fulfilled on {kind.resource} "{name}": {why}'
    return StatusError(409, "Conflict", message, _details(name, kind.group, kind.plural))


def forbidden(kind: Kind, name: str, why: str, causes: list[Cause] | None = None) -> StatusError:
    details = _details(name, kind.group, kind.plural)
    if causes:
        details["causes"] = [_cause(cause) for cause in causes]
    return StatusError(403, "Forbidden", f'{kind.resource} "{name}" is forbidden: {why}', details)


def invalid(kind: Kind, name: str, causes: list[Cause]) -> StatusError:
    """422 that lists every cause once, in order."""
    texts = list(dict.fromkeys(str(cause) for cause in causes))
    summary = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    details = _details(name, kind.group, kind.kind) | {"causes": [_cause(cause) for cause in causes]}
    return StatusError(422, "Invalid", f'{kind.qualified} "{name}" is invalid: {summary}', details)


def invalid_options(kind: str, summary: str) -> StatusError:
    """kind: the options that a request carries: ListOptions, PatchOptions."""
    return StatusError(422, "Invalid", f'{kind}.meta.k8s.io "" is invalid: {summary}')


def bad_request(message: str) -> StatusError:
    return StatusError(400, "BadRequest", message)


def unsupported_media_type(given: str, accepted: str) -> StatusError:
    message = (
        "the body of the request was in an unknown format - "
        f"accepted media types include: {accepted}" + (f" (given: {given})" if given else "")
    )
    return StatusError(415, "UnsupportedMediaType", message)


def method_not_allowed() -> StatusError:
    return StatusError(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource"
    )


def not_offered(what: str, instead: str) -> StatusError:
    """What a standard cluster has and the rehearsal does without."""
    return StatusError(405, "MethodNotAllowed", f"the rehearsal cluster does not offer {what}. {instead}")


def unknown_path() -> StatusError:
    return StatusError(404, "NotFound", "the server could not find the requested resource", {})


def expired(oldest: int, asked: int) -> StatusError:
    return StatusError(410, "Expired", f"too old resource version: {asked} ({oldest})")


def unavailable(message: str) -> StatusError:
    return StatusError(503, "ServiceUnavailable", message)


def unstorable(why: str) -> StatusError:
    """The disk of the state folder does not take a write."""
    text = f"the cluster cannot store anything ({why}): make room on the disk of its state folder"
    return StatusError(UNSTORABLE, "InsufficientStorage", text)


def _details(name: str, group: str, kind: str) -> dict:
    named = {"name": name, "group": group, "kind": kind}
    return {key: value for key, value in named.items() if value}


def _cause(cause: Cause) -> dict:
    shown = {"reason": cause.reason, "message": cause.message, "field": cause.field}
    return {key: value for key, value in shown.items() if value}
