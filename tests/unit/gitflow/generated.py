"""Whole GitFlow histories from a list of what a team did, every version looked at after each deed."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from aks_flow.gitflow.version import Version
from tests.unit.gitflow.team import Team


@dataclass
class Season:
    """A team at work, from v1.4.0 on, and what each version was given to.

    final: the last release. untagged: releases on main that have no tag yet, by version. told: the last
    version of each branch, and of which commit; a deed that does not fit the moment is left out.
    """

    team: Team
    final: Version = Version(1, 4, 0)
    untagged: dict[Version, int] = field(default_factory=dict)
    told: dict[str, tuple[int, Version]] = field(default_factory=dict)
    owners: dict[Version, int] = field(default_factory=dict)
    features: int = 0

    def __post_init__(self):
        self.team.commit("main", subject="First")
        self.team.tag("v1.4.0", self.team.tips["main"])
        self.team.branch("develop", "main")
        self.work()

    def do(self, deed: str) -> None:
        getattr(self, deed)()
        self.look()

    def look(self) -> None:
        """Every branch's version: above its last one if it has moved, not below if not, and nobody else's."""
        for branch, tip in self.team.tips.items():
            version = self.team.version(branch)
            before, last = self.told.get(branch, (0, None))
            if last and branch not in self._rewritten(before, branch):
                assert version >= last if tip == before else version > last, (branch, last, version)
            assert self.owners.setdefault(version, tip) == tip, (branch, version)
            self.told[branch] = (tip, version)

    def _rewritten(self, before: int, branch: str) -> set[str]:
        return set() if self.team.contains(branch, before) else {branch}

    @property
    def release(self) -> str:
        """The open release, "" for none."""
        return next((branch for branch in self.team.tips if branch.startswith("release/")), "")

    def work(self) -> None:
        self.team.commit("develop")

    def direct(self) -> None:
        self.team.commit("main")

    def open_feature(self) -> None:
        self.features += 1
        self.team.branch(f"feature/f{self.features}", "develop")
        self.team.commit(f"feature/f{self.features}")

    def merge_feature(self) -> None:
        self._end_feature(lambda name: self.team.merge("develop", name))

    def squash_feature(self) -> None:
        self._end_feature(lambda name: self.team.squash("develop", name))

    def rebase_feature(self) -> None:
        def rebase(name: str) -> None:
            if not self.team.contains(name, self.team.tips["develop"]):
                self.team.rebase(name, "develop")
                self.look()
            self.team.forward("develop", name)

        self._end_feature(rebase)

    def _end_feature(self, how) -> None:
        for name in [name for name in self.team.tips if name.startswith("feature/")][:1]:
            how(name)
            self.look()
            self._remove(name)

    def start(self) -> None:
        if not self.release:
            self.team.branch(f"release/{Version(self.final.major, self.final.minor + 1, 0)}", "develop")

    def fix(self) -> None:
        if self.release:
            self.team.commit(self.release)

    def pick(self) -> None:
        """The release's last commit on develop too, by a commit of its own."""
        if self.release:
            self.team.commit("develop", subject="Picked")

    def back(self) -> None:
        if self.release and not self.team.contains("develop", self.team.tips[self.release]):
            self.team.merge("develop", self.release)

    def forward(self) -> None:
        if self.release and self.team.can_forward("develop", self.release):
            self.team.forward("develop", self.release)

    def finish_by_merge(self) -> None:
        self._finish(self.release, lambda name: self.team.merge("main", name))

    def finish_by_request(self) -> None:
        words = f"Merge pull request #12 from team/{self.release}"
        self._finish(self.release, lambda name: self.team.merge("main", name, words))

    def finish_by_squash(self) -> None:
        self._finish(self.release, lambda name: self.team.squash("main", name))

    def finish_by_forward(self) -> None:
        if self.release and self.team.can_forward("main", self.release) and not self._left_behind():
            self._finish(self.release, lambda name: self.team.forward("main", name), tag_first=True)

    def _left_behind(self) -> bool:
        """Whether the release has nothing of its own, and develop has gone on: git keeps no trace of that."""
        return self.team.tips[self.release] in self.team.line("develop")[:-1]

    def hotfix_by_merge(self) -> None:
        self._hotfix(lambda name: self.team.merge("main", name))

    def hotfix_by_squash(self) -> None:
        self._hotfix(lambda name: self.team.squash("main", name))

    def hotfix_by_forward(self) -> None:
        self._hotfix(lambda name: self.team.forward("main", name), tag_first=True)

    def _hotfix(self, how, tag_first: bool = False) -> None:
        name = f"hotfix/{Version(self.final.major, self.final.minor, self.final.patch + 1)}"
        self.team.branch(name, "main")
        for _ in range(2):
            self.team.commit(name)
            self.look()
        self._finish(name, how, tag_first)

    def _finish(self, name: str, how, tag_first: bool = False) -> None:
        """The branch goes before the tag comes, but where main was fast-forwarded."""
        if not name:
            return
        how(name)
        self.final = Version.parse(name.partition("/")[2])
        self.untagged[self.final] = self.team.tips["main"]
        assert self.team.version("main") == self.final
        self.look()
        if tag_first:
            self.tag()
            self.look()
        self._remove(name)

    def tag(self) -> None:
        for version, commit in self.untagged.items():
            self.team.tag(f"v{version}", commit)
        self.untagged.clear()

    def sync(self) -> None:
        if not self.team.contains("develop", self.team.tips["main"]):
            self.team.merge("develop", "main")

    def sync_by_forward(self) -> None:
        if self.team.can_forward("develop", "main"):
            self.team.forward("develop", "main")

    def sync_release(self) -> None:
        """A hotfix reaches the open release too."""
        if self.release and not self.team.contains(self.release, self.team.tips["main"]):
            self.team.merge(self.release, "main")

    def _remove(self, name: str) -> None:
        self.team.delete(name)
        self.told.pop(name)


DEEDS = sorted(
    name
    for name, value in vars(Season).items()
    if callable(value) and not name.startswith("_") and name not in ("do", "look")
)
deeds = st.lists(st.sampled_from(DEEDS), min_size=4, max_size=16)
