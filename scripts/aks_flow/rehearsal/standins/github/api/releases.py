"""Releases as GitHub's API tells them and makes them. https://docs.github.com/rest/releases/releases"""

from typing import Protocol

from aks_flow.rehearsal.standins.github.api.tokens import ApiFault
from aks_flow.rehearsal.standins.github.event import REPOSITORY, SERVER, TAG
from aks_flow.rehearsal.standins.github.hub import Hub

_KEPT = "releases"  # by tag


class AskedRelease(Protocol):
    """See `routes.ApiCall`."""

    word: str
    values: dict


def show(hub: Hub, call: AskedRelease) -> tuple[int, dict]:
    """By its tag."""
    known = hub.kept(_KEPT, {})
    if call.word not in known:
        raise ApiFault(404, "Not Found")
    return 200, _document(call.word, known[call.word])


def create(hub: Hub, call: AskedRelease) -> tuple[int, dict]:
    tag, known = call.values.get("tag_name", ""), hub.kept(_KEPT, {})
    if not tag:
        raise _invalid({"field": "tag_name", "code": "missing_field"})
    if tag in known:
        raise _invalid({"field": "tag_name", "code": "already_exists"})
    if not hub.commit(f"{TAG}{tag}"):
        raise _invalid({"code": "custom", "message": "Published releases must have a valid tag"})
    known[tag] = {key: call.values.get(key) or "" for key in ("name", "body")}
    hub.keep(_KEPT, known)
    return 201, _document(tag, known[tag])


def find_tag(hub: Hub, call: AskedRelease) -> tuple[int, dict]:
    """The only question of gh's that goes by GraphQL: does this tag exist?"""
    asked = call.values.get("variables", {}).get("tagName", "")
    if "RepositoryFindRef" not in call.values.get("query", ""):
        raise ApiFault(404, "Not Found")
    return 200, {"data": {"repository": {"ref": {"id": asked} if hub.commit(asked) else None}}}


def _invalid(error: dict) -> ApiFault:
    return ApiFault(422, "Validation Failed", ({"resource": "Release", **error},))


def _document(tag: str, release: dict) -> dict:
    address = f"{SERVER}/{REPOSITORY}/releases/tag/{tag}"
    return {"tag_name": tag, "html_url": address, "draft": False, "prerelease": False, **release}
