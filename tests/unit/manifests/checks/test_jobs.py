"""The schedules that the CronJob controller can read (robfig/cron v3, the standard parser)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.manifests.checks.jobs import is_schedule

GOOD = (
    *("* * * * *", "0 3 * * *", "*/5 * * * *", "0 0 1,15 * *", "0-30/10 8-18 * * MON-FRI", "5/15 * * * *"),
    *("0 0 * jan sun", "0 0 ? * 0", "@daily", "@every 1h30m", "@yearly", "  0 3 * * *  "),
)
BAD = (
    *(
        "",
        "daily",
        "@sometimes",
        "@every",
        "@every day",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
    ),
    *("* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 7", "5-1 * * * *", "*/0 * * * *", "a * * * *"),
    *("TZ=Europe/Paris 0 3 * * *", "* * * * FEB", "1,,2 * * * *", "-1 * * * *", "*-5 * * * *"),
)


@pytest.mark.parametrize("text", GOOD)
def test_a_schedule_is_one(text):
    assert is_schedule(text)


@pytest.mark.parametrize("text", BAD)
def test_what_the_controller_cannot_read_is_none(text):
    assert not is_schedule(text)


@given(st.text(max_size=30))
def test_any_text_is_told(text):
    assert is_schedule(text) in (True, False)
