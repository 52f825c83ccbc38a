"""DORA's four figures, as docs/environments.md defines them."""

import pytest

from aks_flow.environments.figures import WEEKS, figures
from aks_flow.environments.view import UNDONE, UNKNOWN
from tests.unit.environments.records import DAY, HOUR, NOW, past

BAD = "crash-loop"
CASES = {
    "nothing": ([], 0, None, None, None),
    "one good": ([past(DAY)], 1, HOUR + 60, 0, None),
    "a bad one and the way back": (
        [past(3 * DAY), past(2 * DAY, BAD), past(2 * DAY - 30, back=True, took=10)],
        1,
        HOUR + 60,
        0.5,
        40,
    ),
    "two bad ones in a row are one outage": (
        [past(500, BAD), past(400, BAD), past(300, took=20)],
        1,
        HOUR + 20,
        2 / 3,
        220,
    ),
    "one that a person took back served, and failed": (
        [past(DAY, UNDONE), past(DAY - 90, back=True, took=30)],
        1,
        HOUR + 60,
        1,
        120,
    ),
    "what nobody knows counts neither way": ([past(DAY, UNKNOWN), past(HOUR)], 1, HOUR + 60, 0, None),
    "one of a commit that is not here has no lead time": ([past(DAY, made=0)], 1, None, 0, None),
    "one that is older than all weeks": ([past(WEEKS * 7 * DAY + 1)], 0, None, None, None),
}


@pytest.mark.parametrize(("deliveries", "count", "lead", "failed", "restore"), CASES.values(), ids=CASES)
def test_the_four_figures(deliveries, count, lead, failed, restore):
    seen = figures(deliveries, NOW)
    assert (seen.deliveries, seen.lead, seen.failed, seen.restore) == (count, lead, failed, restore)


def test_how_often_is_of_a_week_at_least_and_of_all_weeks_at_most():
    day_old = figures([past(DAY), past(HOUR)], NOW)
    year_old = figures([past(400 * DAY), *(past(number * DAY) for number in range(16, 0, -1))], NOW)
    assert (day_old.per_week, day_old.days, year_old.per_week, year_old.days) == (2, 1, 2, WEEKS * 7)


def test_a_week_has_what_began_in_it_and_what_failed_in_it():
    failed = past(8 * DAY, BAD)
    *_, before, last = figures([failed, past(6 * DAY)], NOW).weeks
    assert (before.failed, before.restore, last.deliveries) == (1, 2 * DAY + 60, 1)
    assert (last.failed, last.restore, before.deliveries) == (0, None, 0)
