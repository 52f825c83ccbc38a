"""Pull requests as GitHub's API tells them, opens them and merges them."""

from contextlib import suppress
from typing import Protocol

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.github import pulls
from aks_flow.rehearsal.standins.github.api import merging
from aks_flow.rehearsal.standins.github.api.tokens import WORKFLOW, ApiFault, may_open
from aks_flow.rehearsal.standins.github.event import REPOSITORY, SERVER
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.pulls import Pull
from aks_flow.tools.git import ancestors

_OWNER = REPOSITORY.partition("/")[0]
_PAGE = 30  # GitHub's default


class Asked(Protocol):
    """See `routes.ApiCall`."""

    token: str
    number: int
    values: dict
    word: str


def list_all(hub: Hub, call: Asked) -> tuple[int, list[dict]]:
    """A page of them, the newest first; a head that is not OWNER:BRANCH filters nothing, as on GitHub."""
    asked = {"state": "open", **call.values}
    owner, _, head = asked.get("head", "").partition(":")
    known = [
        pull
        for pull in reversed(pulls.all_of(hub))
        if asked["state"] in ("all", pulls.state(hub, pull))
        and (not head or (owner, head) == (_OWNER, pull.head))
        and asked.get("base", pull.base) == pull.base
    ]
    size, page = int(asked.get("per_page", _PAGE)), int(asked.get("page", 1))
    return 200, [_document(hub, pull) for pull in known[(page - 1) * size : page * size]]


def show(hub: Hub, call: Asked) -> tuple[int, dict]:
    return 200, _document(hub, known(hub, call.number))


def create(hub: Hub, call: Asked) -> tuple[int, dict]:
    may_open(call.token, hub.workflows_may_propose)
    given = call.values
    for name in ("title", "head", "base"):
        if not given.get(name):
            raise _invalid({"field": name, "code": "missing_field"})
    head = given["head"].removeprefix(f"{_OWNER}:")
    for name, branch in (("head", head), ("base", given["base"])):
        if not hub.commit(f"refs/heads/{branch}"):
            raise _invalid({"field": name, "code": "invalid"})
    _check_new(hub, head, given["base"])
    pull = pulls.add(hub, head, given["base"], given["title"], given.get("body") or "")
    with suppress(AksFlowError):  # it conflicts: open, and no workflow starts
        pulls.check(hub, pull, by_workflow=call.token == WORKFLOW)
    return 201, _document(hub, pull)


def merge(hub: Hub, call: Asked) -> tuple[int, dict]:
    pull = known(hub, call.number)
    if pulls.state(hub, pull) != "open":
        raise ApiFault(405, "Pull Request is not mergeable")
    if call.values.get("sha", tip := hub.branch(pull.head)) != tip:
        raise ApiFault(409, "Head branch was modified. Review and try the merge again.")
    commit = merging.merge(hub, pull, call.values.get("merge_method", "merge"))
    return 200, {"sha": commit, "merged": True, "message": "Pull Request successfully merged"}


def _check_new(hub: Hub, head: str, base: str) -> None:
    if hub.run.run(ancestors.is_ancestor(hub.repository, hub.branch(head), hub.branch(base))).code == 0:
        raise _invalid({"code": "custom", "message": f"No commits between {base} and {head}"})
    for pull in pulls.all_of(hub):
        if (pull.head, pull.base) == (head, base) and pulls.state(hub, pull) == "open":
            words = f"A pull request already exists for {_OWNER}:{head}."
            raise _invalid({"code": "custom", "message": words})


def _invalid(error: dict) -> ApiFault:
    return ApiFault(422, "Validation Failed", ({"resource": "PullRequest", **error},))


def known(hub: Hub, number: int) -> Pull:
    for pull in pulls.all_of(hub):
        if pull.number == number:
            return pull
    raise ApiFault(404, "Not Found")


def _document(hub: Hub, pull: Pull) -> dict:
    merged = pulls.merge_commit(hub, pull)
    return {
        "number": pull.number,
        "html_url": f"{SERVER}/{REPOSITORY}/pull/{pull.number}",
        "state": pulls.state(hub, pull),
        "title": pull.title,
        "body": pull.body,
        "head": _side(pull.head, pulls.tip(hub, pull)),
        "base": _side(pull.base, hub.commit(f"refs/heads/{pull.base}")),
        "labels": [{"name": name} for name in pull.labels],
        "merged_at": "2026-01-01T00:00:00Z" if merged else None,
        "merge_commit_sha": merged or hub.commit(f"refs/pull/{pull.number}/merge") or None,
    }


def _side(branch: str, commit: str) -> dict:
    return {"ref": branch, "sha": commit, "label": f"{_OWNER}:{branch}", "repo": {"full_name": REPOSITORY}}
