"""Cron schedules: ``*/15 8-18 * * mon-fri`` -> the minutes that they name.

Grammar: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

_MACROS = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_NAMES = {
    3: {name: index + 1 for index, name in enumerate(_MONTHS)},
    4: dict(zip(_WEEKDAYS, range(7), strict=True)),
}
_MINUTE = timedelta(minutes=1)
# The longest gap is that of 29 February around a year such as 2100.
_HORIZON = timedelta(days=366 * 9)


@dataclass(frozen=True)
class Schedule:
    """The values of each field. either_day: both day fields are restricted, and one of them is enough."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool

    def latest(self, until: datetime) -> datetime | None:
        """The last scheduled minute that is not after ``until``."""
        moment = until.replace(second=0, microsecond=0)
        while gap := self._gap(moment):
            moment = gap[0] - _MINUTE
            if moment < until - _HORIZON:
                return None
        return moment

    def following(self, after: datetime) -> datetime | None:
        """The first scheduled minute after a moment."""
        moment = after.replace(second=0, microsecond=0) + _MINUTE
        while gap := self._gap(moment):
            moment = gap[1]
            if moment > after + _HORIZON:
                return None
        return moment

    def _gap(self, moment: datetime) -> tuple[datetime, datetime] | None:
        """Start and end of the month, day, hour or minute around a moment in which nothing is scheduled."""
        hour = moment.replace(minute=0)
        day = hour.replace(hour=0)
        if moment.month not in self.months:
            month = day.replace(day=1)
            return month, (month + timedelta(days=32)).replace(day=1)
        if not self._has_day(moment):
            return day, day + timedelta(days=1)
        if moment.hour not in self.hours:
            return hour, hour + timedelta(hours=1)
        return None if moment.minute in self.minutes else (moment, moment + _MINUTE)

    def _has_day(self, moment: datetime) -> bool:
        found = (moment.day in self.days, moment.isoweekday() % 7 in self.weekdays)
        return any(found) if self.either_day else all(found)


def parse(text: str) -> Schedule:
    """ValueError if the text is no schedule."""
    fields = _MACROS.get(text, text).split()
    if len(fields) != 5:
        raise ValueError(f"expected exactly 5 fields, found {len(fields)}: {text}")
    minutes, hours, days, months, weekdays = (_field(field, index) for index, field in enumerate(fields))
    either_day = not any(fields[index].startswith(("*", "?")) for index in (2, 4))
    return Schedule(minutes, hours, days, months, frozenset(day % 7 for day in weekdays), either_day)


def _field(text: str, index: int) -> frozenset[int]:
    return frozenset(value for part in text.split(",") for value in _range(part, index))


def _range(text: str, index: int) -> range:
    least, most = _BOUNDS[index]
    span, stepped, step = text.partition("/")
    first, dashed, last = span.partition("-")
    low, high = least, most
    if span not in ("*", "?"):
        low = _value(first, index)
        high = _value(last, index) if dashed else most if stepped else low
    if not least <= low <= high <= most or step == "0":
        raise ValueError(f"{text!r} is out of range")
    return range(low, high + 1, int(step or 1))


def _value(text: str, index: int) -> int:
    """A number or, for months and weekdays, a name."""
    names = _NAMES.get(index, {})
    return names[text.lower()] if text.lower() in names else int(text)
