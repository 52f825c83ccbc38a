"""Cron schedules: the minutes that a text such as ``*/15 8-18 * * mon-fri`` names.

Grammar: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
"""

import re
from datetime import datetime, timedelta

from cronsim import CronSim, CronSimError

_MACROS = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}  # fmt: skip
# cronsim reads more than Kubernetes does: seconds, L for the last day, # for the nth weekday.
_FIELDS = re.compile(r"([0-9*?,/-]|[a-z]{3})+( ([0-9*?,/-]|[a-z]{3})+){4}", re.IGNORECASE)


def latest(text: str, until: datetime) -> datetime | None:
    """The last scheduled minute that is not after ``until``; None if there is none, ValueError as below."""
    minute = until.replace(second=0, microsecond=0)
    return next(_minutes(text, minute + timedelta(minutes=1), reverse=True), None)


def following(text: str, after: datetime) -> datetime | None:
    """The first scheduled minute after a moment; None if there is none.

    ValueError if the text is no schedule.
    """
    return next(_minutes(text, after), None)


def _minutes(text: str, start: datetime, reverse: bool = False) -> CronSim:
    fields = " ".join(_MACROS.get(text, text).split())
    if not _FIELDS.fullmatch(fields):
        raise ValueError(f"expected exactly 5 fields of numbers, names and * ? , - /: {text}")
    try:
        return CronSim(fields.replace("?", "*"), start, reverse)
    except CronSimError as error:
        raise ValueError(f"{error}: {text}") from error
