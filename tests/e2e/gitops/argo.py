"""A cluster that is told what to say: git runs for real, kubectl is answered from a script."""

import json
from collections.abc import Iterable

from scripts.command import Command, Result
from scripts.runner import Local

Moment = tuple[dict, list[dict]]  # the Application, and the namespace's Deployments and Pods


class Scripted(Local):
    """Every look at the Application moves on to the next moment; the last one stays."""

    def __init__(self, moments: Iterable[Moment], words: dict[str, str] | None = None):
        self.moments, self.words, self.at, self.asked = list(moments), words or {}, -1, []

    @property
    def now(self) -> Moment:
        return self.moments[min(max(self.at, 0), len(self.moments) - 1)]

    def run(self, command: Command) -> Result:
        if command.argv[0] != "kubectl":
            return super().run(command)
        words = " ".join(word for word in command.argv[1:] if not word.startswith("--"))
        self.asked.append(words)
        return Result(0, self._answer(words).encode(), b"")

    def _answer(self, words: str) -> str:
        if words.startswith("get applications.argoproj.io vote"):
            self.at += 1
            return json.dumps(self.now[0])
        if words == "get applications.argoproj.io":
            return json.dumps({"items": [self.now[0]]})
        if words == "get deployments.apps,pods":
            return json.dumps({"items": self.now[1]})
        if words == "get pods":
            return json.dumps({"items": [item for item in self.now[1] if item["kind"] == "Pod"]})
        if words.startswith("annotate"):
            return ""
        return self.words[words]

    @property
    def refreshes(self) -> list[str]:
        return [words for words in self.asked if words.startswith("annotate")]
