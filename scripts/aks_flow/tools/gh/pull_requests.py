"""gh: argument lists and parsers for pull requests.

https://docs.github.com/rest/pulls/pulls; gh fills in {owner} and {repo} from the remotes, or from GH_REPO.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, command, flags
from aks_flow.core.reading import reads
from aks_flow.tools.gh import ANY, comments, quoted

_GITHUB = ("", "github.com", "ssh.github.com")


@dataclass(frozen=True)
class PullRequest:
    """number and address; head and base: its branches; open: neither merged nor closed.

    tip: the last commit of what is to be merged. merged: the commit that base got by it, "" until then.
    fork: whether head is another repository's, or of one that is gone.
    """

    number: int
    address: str
    head: str
    base: str
    open: bool
    tip: str
    merged: str
    fork: bool = False


@dataclass(frozen=True)
class Requests:
    """Pull requests of one repository: the one at an address, or (if that is "") the one of ``folder``."""

    folder: Path
    repository: str = ""
    host: str = ""

    def between(self, head: str, base: str) -> Command:
        """All requests between two branches, for `parse_all`."""
        return self._list(f"state=all&head={{owner}}:{_word(head)}&base={_word(base)}")

    def open_from(self, head: str) -> Command:
        """The open requests of a branch, for `parse_all`."""
        return self._list(f"state=open&head={{owner}}:{_word(head)}")

    def into(self, base: str) -> Command:
        """The closed requests into a branch, those first that changed last; for `parse_all`."""
        return self._list(f"state=closed&base={_word(base)}&sort=updated&direction=desc")

    def show(self, number: int) -> Command:
        """For `parse`."""
        return self._api(f"repos/{{owner}}/{{repo}}/pulls/{number}", reads=True)

    def comments(self, number: int, page: int) -> Command:
        """A page of a request's comments, for `comments.parse`."""
        return self._api(comments.of_request(number, page), reads=True)

    def comment(self, number: int, body: str) -> Command:
        """Write one more."""
        return self._send("POST", comments.new(number), body=body)

    def edit_comment(self, comment: int, body: str) -> Command:
        return self._send("PATCH", comments.existing(comment), body=body)

    def label(self, number: int, label: str) -> Command:
        return self._send("POST", f"repos/{{owner}}/{{repo}}/issues/{number}/labels", labels=[label])

    def unlabel(self, number: int, label: str) -> Command:
        """Exit code 1 if it has no such label, too."""
        path = f"repos/{{owner}}/{{repo}}/issues/{number}/labels/{label}"
        return self._api(path, *flags(method="DELETE"))

    def create(self, head: str, base: str, title: str, body: str) -> Command:
        """For `parse`."""
        wanted = {"head": head, "base": base, "title": title, "body": body}
        return self._send("POST", "repos/{owner}/{repo}/pulls", **wanted)

    def _list(self, query: str) -> Command:
        return self._api(f"repos/{{owner}}/{{repo}}/pulls?{query}&per_page=100", reads=True)

    def _send(self, method: str, path: str, **values: str | list[str]) -> Command:
        return self._api(path, *flags(method=method, input="-"), stdin=json.dumps(values))

    def _api(self, path: str, *words: str, **rest) -> Command:
        env = {"GH_REPO": self.repository} if self.repository else {}
        host = flags(hostname=self.host) if self.host not in _GITHUB else ()
        return command("gh", "api", path, *host, *words, cwd=self.folder, ok=ANY, env=env, **rest)


@reads("gh")
def parse_all(text: str) -> list[PullRequest]:
    """The newest first."""
    return sorted(map(_request, json.loads(text)), key=lambda request: -request.number)


def waiting(known: Iterable[PullRequest]) -> str:
    """The address of the one that is open, "" for none."""
    return next((request.address for request in known if request.open), "")


@reads("gh")
def parse(text: str) -> PullRequest:
    return _request(json.loads(text))


def _request(body: Mapping) -> PullRequest:
    merged = body["merge_commit_sha"] if body["merged_at"] else ""  # of an open one it is a preview's
    head, base = body["head"], body["base"]["ref"]
    is_open = body["state"] == "open"
    sides = (head["ref"], base, is_open, head["sha"])
    return PullRequest(body["number"], body["html_url"], *sides, merged, _is_fork(head, body["base"]))


def _is_fork(head: Mapping, base: Mapping) -> bool:
    return not head["repo"] or head["repo"]["full_name"] != base["repo"]["full_name"]


def _word(name: str) -> str:
    """A branch's name inside a query: what gh would fill in is none of it."""
    return quoted(name, safe="/")
