"""CronJobs: when, and how many at once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.controllers.cronjob import schedule
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import CRON_JOB, JOB
from tests.unit.rehearsal.standins.kubernetes.controllers.harness import set_spec, template

CASES = yaml.safe_load((Path(__file__).parent / "schedules.yaml").read_text())


@pytest.mark.parametrize("case", CASES["good"], ids=lambda case: case["schedule"])
def test_a_schedule_names_the_minutes_before_and_after_a_moment(case):
    text, moment = case["schedule"], case["at"].replace(tzinfo=UTC)
    assert schedule.latest(text, moment) == case["latest"].replace(tzinfo=UTC)
    assert schedule.following(text, moment) == case["following"].replace(tzinfo=UTC)


@pytest.mark.parametrize("text", CASES["bad"])
def test_what_is_no_schedule_is_refused(text):
    with pytest.raises(ValueError):
        schedule.following(text, datetime(2026, 11, 23, tzinfo=UTC))


FIELDS = st.tuples(
    *(
        st.sampled_from(("*", f"*/{step}", str(value)))
        for step, value in ((7, 5), (5, 9), (9, 3), (5, 6), (3, 2))
    )
)


@given(FIELDS, st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_the_minute_after_the_latest_one_is_the_following_one(fields, moment):
    text = " ".join(fields)
    latest = schedule.latest(text, moment)
    assert latest <= moment < schedule.following(text, latest)
    assert schedule.following(text, latest) == schedule.following(text, moment)


def _spec(image: str = "done", **rest) -> dict:
    job = {"spec": {"template": template(image, "m", restartPolicy="Never")}}
    return {"schedule": "* * * * *", "jobTemplate": job} | rest


def test_each_minute_gets_one_job(cluster):
    cluster.create(CRON_JOB, "tidy", spec=_spec())
    assert cluster.all(JOB) == []
    cluster.pass_time(60)
    (job,) = cluster.all(JOB)
    scheduled = job["metadata"]["annotations"]["batch.kubernetes.io/cronjob-scheduled-timestamp"]
    assert job["metadata"]["name"] == f"tidy-{int(times.parse(scheduled).timestamp()) // 60}"
    status = cluster.get(CRON_JOB, "tidy")["status"]
    assert status["lastScheduleTime"] == scheduled
    assert status["lastSuccessfulTime"] == job["status"]["completionTime"]
    assert cluster.events("SawCompletedJob") == [
        f"Saw completed job: {job['metadata']['name']}, condition: Complete"
    ]


def test_only_the_last_jobs_are_kept(cluster):
    cluster.create(CRON_JOB, "tidy", spec=_spec(successfulJobsHistoryLimit=2))
    for _ in range(5):
        cluster.pass_time(60)
    assert len(cluster.all(JOB)) == 2


@pytest.mark.parametrize(("policy", "jobs"), [("Allow", 3), ("Forbid", 1), ("Replace", 1)])
def test_the_policy_decides_what_happens_while_a_job_still_runs(cluster, policy, jobs):
    cluster.create(CRON_JOB, "tidy", spec=_spec("v1", concurrencyPolicy=policy))
    for _ in range(3):
        cluster.pass_time(60)
    assert len(cluster.all(JOB)) == jobs
    assert len(cluster.get(CRON_JOB, "tidy")["status"]["active"]) == jobs


def test_a_suspended_schedule_starts_nothing(cluster):
    cluster.create(CRON_JOB, "tidy", spec=_spec(suspend=True))
    cluster.pass_time(120)
    assert cluster.all(JOB) == []
    cluster.modify(CRON_JOB, "tidy", set_spec(suspend=False))
    assert len(cluster.all(JOB)) == 1


def test_a_start_that_was_missed_for_too_long_is_skipped(cluster):
    cluster.create(
        CRON_JOB, "tidy", spec=_spec(schedule="0 0 1 1 *", startingDeadlineSeconds=60, suspend=True)
    )
    cluster.pass_time(400 * 86400)
    cluster.modify(CRON_JOB, "tidy", set_spec(suspend=False))
    assert cluster.all(JOB) == []


def test_a_schedule_that_cannot_be_read_is_told(cluster):
    cluster.create(CRON_JOB, "tidy", spec=_spec(schedule="@every 1h"))
    [said] = cluster.events("UnparseableSchedule")
    assert said.startswith('unparseable schedule: "@every 1h" : expected exactly 5 fields')


def test_jobs_go_with_their_schedule(cluster):
    cluster.create(CRON_JOB, "tidy", spec=_spec("v1"))
    cluster.pass_time(60)
    cluster.delete(CRON_JOB, "tidy")
    assert cluster.all(JOB) == []
