"""The page "Your own app", command by command and in its order, on the shop in a repository of its own."""

from collections.abc import Iterator

import pytest

from tests.conftest import FIGURE
from tests.e2e.adopt import page
from tests.e2e.adopt.person import Person, free_settings, team_repository
from tests.e2e.scale import only_in_full
from tests.e2e.standin import REPOSITORY, need_engine
from tests.programs import need

pytestmark = [pytest.mark.e2e, pytest.mark.engine]


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    need_engine()
    need("curl")
    folder = tmp_path_factory.mktemp("a team")
    shop = team_repository(folder / "origin")
    made = Person(folder, {"aks-flow": REPOSITORY, "shop": shop}, free_settings())
    yield made
    if (made.folder / "inv").is_file():
        made.runs("./inv rehearsal.down")


def test_a_repository_becomes_a_project_and_nothing_of_it_is_changed(person):
    person.plays("Adopt it")
    assert person.runs("git diff --stat --diff-filter=MD main").stdout == ""
    assert person.runs("git status --porcelain").stdout == ""


def test_a_push_delivers_it(person):
    person.plays("Deliver by push")
    [page_of_the_shop] = person.plays("Deliver by push", 1)
    assert "The corner shop" in page_of_the_shop.stdout and "tea, 4.50 €" in page_of_the_shop.stdout


def test_a_change_builds_only_what_it_changes(person):
    push = person.plays("Change it, break it, go back")[-1]
    assert "to be built: shop-web\n" in push.stdout
    assert "The village shop" in person.page_served()


def test_a_broken_change_has_a_verdict_and_the_version_before_comes_back(person):
    push = person.plays("Change it, break it, go back", 1)[2]
    assert "crash-loop" in push.stderr and "TypeError" in push.stdout + push.stderr
    assert "The village shop" in person.page_served()


def test_one_goes_back_by_hand_and_forward_again(person):
    undo, push = page.sections()["Change it, break it, go back"][2]
    person.types(undo)
    assert "The corner shop" in person.page_served()
    person.types(push)
    assert "The village shop" in person.page_served()


def test_argo_cd_delivers_it(person):
    person.plays("Deliver by pull")
    assert person.document("./inv gitops.status")[0]["drift"] == "none"


def test_what_dev_runs_is_promoted(person):
    person.plays("Deliver by pull", 1)
    dev, staging, _ = person.document("./inv gitops.status")
    assert dev["running"] == staging["running"] != "none"


def test_the_workflows_check_build_and_deliver(person):
    person.plays("Let the workflows do it")
    run = person.run_of_a_push()
    assert run["state"] == "success", person.runs("./inv rehearsal.run 1").stdout


@only_in_full
def test_a_drill_says_what_it_should(person):
    person.plays("See it fail")


def test_the_project_s_own_commands_lint_and_test_it(person):
    test, lint, check, doctor, down = page.sections()["Your own checks"][0]
    assert "Ran 14 tests" in "".join(person.types(test)[1:])
    for line in (lint, check, doctor, down):
        person.types(line)
    assert not (person.folder / ".rehearsal").exists()


def test_the_readme_s_figure_holds(person, record_property):
    """From a clone to a delivery by both paths: how many commands, and how many seconds at most."""
    commands, _, limit = page.stated()
    way = page.first_way()
    seconds = sum(person.seconds[line.text] for line in way)
    record_property(
        FIGURE, f"your own app: delivered by both paths with {len(way)} commands, {seconds:.0f} s"
    )
    assert len(way) == commands and seconds <= limit
