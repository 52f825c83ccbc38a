"""A new machine of each release of Debian, with a clone of the repository as the README has it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.e2e.newcomer import debian, machine, readme

PLACE = "/srv/a new place"
SOMEBODY = "somebody"


@dataclass(frozen=True)
class Newcomer:
    """A person in a fresh clone on a new machine."""

    machine: machine.Machine
    user: str = "root"
    place: str = PLACE

    @property
    def clone(self) -> str:
        return f"{self.place}/aks-flow"

    def clones(self) -> None:
        cloned = self._types(readme.commands()[0].replace("…", machine.BUNDLE), self.place)
        assert cloned.exit == 0, str(cloned)

    def types(self, line: str, **settings: str) -> machine.Answer:
        return self._types(line, self.clone, **settings)

    def _types(self, line: str, folder: str, **settings: str) -> machine.Answer:
        return self.machine.run(line, folder, self.user, **settings)


@pytest.fixture(scope="module", params=debian.RELEASES, ids=lambda suite: debian.RELEASES[suite])
def newcomer(request, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomer]:
    """Root."""
    if reason := machine.obstacle():
        pytest.skip(reason)
    with machine.new(request.param, tmp_path_factory.mktemp(request.param)) as made:
        (made.root / PLACE.lstrip("/")).mkdir()
        person = Newcomer(made)
        person.clones()
        yield person


@pytest.fixture(scope="module")
def somebody(newcomer: Newcomer) -> Newcomer:
    """A user without any rights, in a clone of their own."""
    place = f"/srv/{SOMEBODY}"
    added = newcomer.machine.run(f"useradd --create-home --home-dir {place} {SOMEBODY}", "/srv")
    assert added.exit == 0, str(added)
    person = Newcomer(newcomer.machine, SOMEBODY, place)
    person.clones()
    return person
