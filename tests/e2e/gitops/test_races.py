"""Many writers at once: none fails, the newest wins, nobody's change is lost."""

import random

from tests.conftest import FIGURE
from tests.e2e.gitops import races
from tests.e2e.gitops.world import World, git
from tests.e2e.scale import choose

WRITERS, ENVIRONMENTS = choose(short=(16, 8), full=(50, 20))
FIRST = "0.1.0-alpha.0"


def versions(count: int) -> list[str]:
    """In no order; as text alpha.9 would come after alpha.50."""
    found = [f"0.1.0-alpha.{number}" for number in range(1, count + 1)]
    return random.sample(found, count)


def test_writers_to_one_pin_all_succeed_and_the_newest_wins(world: World, record_property):
    wanted = versions(WRITERS)
    world.publish(FIRST, *wanted)
    assert races.ours(world, "dev", FIRST) == "written"
    race = races.run(world, races.ours, [("dev", version) for version in wanted])
    assert race.failures == []
    assert set(race.said) == {"written", "superseded"}
    assert world.pin("dev") == f"0.1.0-alpha.{WRITERS}"
    assert world.commits() == 2 + race.said.count("written")
    assert pins(world) == sorted(pins(world), key=number_of)
    record_property(FIGURE, f"{WRITERS} writers of one pin, all at once: {race.seconds:.1f} s")


def test_the_loop_that_people_write_first_loses_versions_in_the_same_race(world: World):
    """`pull --rebase` and push again: two edits of one line are a conflict."""
    several = versions(10)
    world.publish(FIRST, *several)
    assert races.ours(world, "dev", FIRST) == "written"
    race = races.run(world, races.naive, [("dev", version) for version in several], "gitops")
    assert race.failures and "written" in race.said


def test_writers_over_several_environments_lose_nobody_s_change(bare_world: World):
    environments = [f"team-{number}" for number in range(ENVIRONMENTS)]
    for name in environments:
        bare_world.add_environment(name)
    bare_world.commit("Add the teams")
    bare_world.init()
    wanted = versions(WRITERS)
    bare_world.publish(*wanted)
    jobs = [(environments[number % ENVIRONMENTS], version) for number, version in enumerate(wanted)]
    race = races.run(bare_world, races.ours, jobs)
    assert race.failures == []
    for name in environments:
        newest = max((version for environment, version in jobs if environment == name), key=number_of)
        assert bare_world.pin(name) == newest


def pins(world: World) -> list[str]:
    """What dev was pinned to, first to last."""
    subjects = git(world.remote, "log", "--reverse", "--format=%s", "refs/heads/gitops", "--", "dev")
    return [subject.split()[1] for subject in subjects.splitlines()]


def number_of(version: str) -> int:
    return int(version.rpartition(".")[2])
