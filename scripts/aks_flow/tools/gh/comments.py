"""gh: the comments of a pull request, page by page. https://docs.github.com/rest/issues/comments"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aks_flow.core.reading import reads

PAGE = 100  # comments: the most that GitHub gives at once
_OF_THE_REPOSITORY = ("OWNER", "MEMBER", "COLLABORATOR")


@dataclass(frozen=True)
class Comment:
    """trusted: whether it was written by a program, or by somebody who belongs to the repository."""

    number: int
    body: str
    trusted: bool


def of_request(number: int, page: int) -> str:
    """The path to a page of them, the oldest first; pages begin at 1."""
    return f"repos/{{owner}}/{{repo}}/issues/{number}/comments?per_page={PAGE}&page={page}"


def new(number: int) -> str:
    return f"repos/{{owner}}/{{repo}}/issues/{number}/comments"


def existing(comment: int) -> str:
    return f"repos/{{owner}}/{{repo}}/issues/comments/{comment}"


@reads("gh")
def parse(text: str) -> list[Comment]:
    return [_comment(entry) for entry in json.loads(text)]


def _comment(entry: Mapping) -> Comment:
    is_program = (entry["user"] or {}).get("type") == "Bot"
    trusted = is_program or entry["author_association"] in _OF_THE_REPOSITORY
    return Comment(entry["id"], entry["body"] or "", trusted)
