"""The schedules of CronJobs, part by part. Their grammar: https://pkg.go.dev/github.com/robfig/cron/v3"""

import re
from calendar import day_abbr, month_abbr

_MONTHS = {name.lower(): number for number, name in enumerate(month_abbr) if name}
_DAYS = {name.lower(): (number + 1) % 7 for number, name in enumerate(day_abbr)}
_FIELDS = ((0, 59, {}), (0, 23, {}), (1, 31, {}), (1, 12, _MONTHS), (0, 6, _DAYS))
_SHORTHAND = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_DURATION = r"[-+]?((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+"


def fault(text: str) -> str:
    """What is wrong with a schedule, in a standard server's words; "" if nothing is."""
    if text.startswith("@"):
        return _shorthand_fault(text)
    fields = text.split()
    if len(fields) != len(_FIELDS):
        return f"expected exactly 5 fields, found {len(fields)}: [{' '.join(fields)}]"
    parts = (
        (part, bounds) for field, bounds in zip(fields, _FIELDS, strict=True) for part in field.split(",")
    )
    return next(filter(None, (_fault(part, *bounds) for part, bounds in parts if part)), "")


def _shorthand_fault(text: str) -> str:
    shorthand, _, duration = text.partition(" ")
    if shorthand != "@every" or not duration:
        return "" if text in _SHORTHAND else f"unrecognized descriptor: {text}"
    if re.fullmatch(_DURATION, duration):
        return ""
    fault = "missing unit in duration" if duration.isdecimal() else "invalid duration"
    return f'failed to parse duration {text}: time: {fault} "{duration}"'


def _fault(part: str, least: int, most: int, names: dict[str, int]) -> str:
    range_text, has_step, step = part.partition("/")
    first, has_end, last = range_text.partition("-")
    is_any = first in ("*", "?")
    numbers = [] if is_any else [first, *([last] if has_end else [])]
    for text in (*numbers, *([step] if has_step else [])):
        if not text.isdecimal() and (text.lower() not in names or text is step):
            return f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": invalid syntax'
    values = [int(names.get(text.lower(), text)) for text in numbers] or [least, most]
    start, end = values[0], most if has_step and not has_end else values[-1]
    if start < least:
        return f"beginning of range ({start}) below minimum ({least}): {part}"
    if end > most:
        return f"end of range ({end}) above maximum ({most}): {part}"
    if start > end:
        return f"beginning of range ({start}) beyond end of range ({end}): {part}"
    return f"step of range should be a positive number: {part}" if has_step and int(step) == 0 else ""
