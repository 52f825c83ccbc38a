"""The comments of pull requests, in GitHub's form. https://docs.github.com/rest/issues/comments

The number of a call is the pull request's, or of a comment that is edited the comment's own.
"""

from aks_flow.rehearsal.standins.github.api.requests import Asked, known
from aks_flow.rehearsal.standins.github.api.tokens import WORKFLOW, ApiFault
from aks_flow.rehearsal.standins.github.hub import Hub

_KEPT = "comments"
_PAGE = 30  # GitHub's default
_LONGEST = 65_536  # characters
_PERSON = {"login": "rehearsal", "type": "User"}, "OWNER"
_PROGRAM = {"login": "github-actions[bot]", "type": "Bot"}, "NONE"


def list_all(hub: Hub, call: Asked) -> tuple[int, list[dict]]:
    """A page of them, the oldest first."""
    known(hub, call.number)
    size, page = int(call.values.get("per_page", _PAGE)), int(call.values.get("page", 1))
    of_request = [item for item in hub.kept(_KEPT, []) if item["pull"] == call.number]
    return 200, [_document(item) for item in of_request[(page - 1) * size : page * size]]


def create(hub: Hub, call: Asked) -> tuple[int, dict]:
    known(hub, call.number)
    present = hub.kept(_KEPT, [])
    user, association = _PROGRAM if call.token == WORKFLOW else _PERSON
    made = {"id": len(present) + 1, "pull": call.number, "body": _body(call)}
    made |= {"user": user, "author_association": association}
    hub.keep(_KEPT, [*present, made])
    return 201, _document(made)


def edit(hub: Hub, call: Asked) -> tuple[int, dict]:
    present = hub.kept(_KEPT, [])
    changed = next((item for item in present if item["id"] == call.number), None)
    if changed is None:
        raise ApiFault(404, "Not Found")
    changed["body"] = _body(call)
    hub.keep(_KEPT, present)
    return 200, _document(changed)


def _body(call: Asked) -> str:
    body = call.values.get("body")
    if not body:
        raise _invalid(code="missing_field", field="body")
    if len(body) > _LONGEST:
        raise _invalid(code="unprocessable", message=f"body is too long (maximum is {_LONGEST} characters)")
    return body


def _invalid(**error: str) -> ApiFault:
    return ApiFault(422, "Validation Failed", ({"resource": "IssueComment", **error},))


def _document(item: dict) -> dict:
    return {key: value for key, value in item.items() if key != "pull"}
