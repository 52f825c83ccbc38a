"""The open pull requests of a repository, as GitHub's API tells them. It blocks."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

_PAGE = 100  # requests in an answer, which is GitHub's most
_ANSWERS_WITHIN = 30  # seconds


class GitHubError(Exception):
    """GitHub refused, or did not answer."""


@dataclass(frozen=True)
class GitHub:
    """host: what an ApplicationSet calls it. socket: where it listens on this machine."""

    host: str
    socket: Path

    def open_requests(self, owner: str, repo: str, token: str) -> list[dict]:
        """All of them, in GitHub's form; token: "" to ask as nobody. GitHubError for a refusal."""
        try:
            return list(self._pages(f"/repos/{owner}/{repo}/pulls", token))
        except (OSError, HTTPException, GitHubError) as error:
            raise GitHubError(f"error listing pull requests for {owner}/{repo}: {error}") from error

    def _pages(self, path: str, token: str) -> Iterator[dict]:
        page = 1
        while True:
            some = self._get(f"{path}?per_page={_PAGE}&page={page}", token)
            yield from some
            if len(some) < _PAGE:
                return
            page += 1

    def _get(self, path: str, token: str) -> list[dict]:
        connection = _Local(self.host, self.socket)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
            answer = connection.getresponse()
            content = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise GitHubError(f"GET http://{self.host}{path}: {answer.status} {content['message']}")
        return content


class _Local(HTTPConnection):
    """HTTP on a socket of this machine."""

    def __init__(self, host: str, place: Path):
        super().__init__(host, timeout=_ANSWERS_WITHIN)
        self._place = place

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._place))
