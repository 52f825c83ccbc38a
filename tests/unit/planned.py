"""Strict stand-ins of the flows' two boundaries: what a test did not plan fails it."""

from aks_flow.core.command import Command, Result
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import CommandFailed
from aks_flow.target.registry_http import RegistryAnswer
from aks_flow.tools import buildx
from tests.unit import server_time

DIGEST = "sha256:" + "a" * 64


class Planned:
    """Answers commands by their whole argv, as text; each answer is a text, a Result or an exception.

    What time it is it says by itself, and that docker has no buildx.
    """

    def __init__(self, answers: dict[str, object]):
        self.answers, self.ran = answers, []

    def run(self, command: Command) -> Result:
        if server_time.is_asked(command) and str(command) not in self.answers:
            return server_time.told()
        if command == buildx.inspect() and str(command) not in self.answers:
            return Result(1, b"", b"docker: unknown command: docker buildx")
        self.ran.append(command)
        assert str(command) in self.answers, f"unplanned command: {command}"
        answer = self.answers[str(command)]
        result = Result(0, answer.encode(), b"") if isinstance(answer, str) else answer
        if result.code not in command.ok:
            raise CommandFailed(command, result)
        return result

    @property
    def lines(self) -> list[str]:
        return [str(command) for command in self.ran]


def committed(repo: object, tree: str, files: dict[str, str]) -> dict[str, object]:
    """What git answers when a tree's files are read: its listing, and their contents."""
    listing = "".join(f"100644 blob {number:040}\t{name}\0" for number, name in enumerate(files))
    contents = "".join(
        f"{number:040} blob {len(text.encode())}\n{text}\n" for number, text in enumerate(files.values())
    )
    git = f"git -C {repo}"
    return {f"{git} ls-tree -r -z --full-tree {tree}": listing, f"{git} cat-file --batch": contents}


class Shelf:
    """A registry: what it holds from the start, and what it holds once `docker push` has run."""

    def __init__(
        self, commands: Planned, held: dict[str, str] | None = None, pushed: dict[str, str] | None = None
    ):
        self._commands, self._held, self._pushed = commands, held or {}, pushed or {}
        self.tagged: list[tuple[str, str, str]] = []

    def digest(self, image: ImageRef) -> str | None:
        name = f"{image.repository}:{image.tag}"
        has_pushed = any(line.startswith("docker push") for line in self._commands.lines)
        return self._held.get(name) or (self._pushed.get(name) if has_pushed else None)

    def manifest(self, image: ImageRef) -> RegistryAnswer:
        return RegistryAnswer(200, {}, b"{}")

    def document(self, image: ImageRef, path: str) -> dict:
        """A manifest, or what it names: an image without labels."""
        return {"config": {"digest": "sha256:c"}}

    def tag(self, image: ImageRef, tag: str) -> None:
        self.tagged.append((image.repository, tag, image.digest))
