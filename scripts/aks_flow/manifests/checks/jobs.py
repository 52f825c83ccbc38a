"""Jobs and CronJobs: what runs to an end, and when."""

import re

from aks_flow.manifests.checks.facts import ManifestFacts
from aks_flow.manifests.checks.findings import Findings, ManifestFinding

_DESCRIPTORS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# Least and greatest number of each field, and its names, the first of which is the least number.
# https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
_FIELDS = ((0, 59, ()), (0, 23, ()), (1, 31, ()), (1, 12, _MONTHS), (0, 6, _DAYS))
_PART = re.compile(r"(?P<first>\*|\?|\w+)(-(?P<last>\w+))?(/(?P<step>[1-9]\d*))?", re.ASCII)
_DURATION = re.compile(r"@every (\d+(\.\d+)?(h|m|s|ms))+", re.ASCII)


def job_restarts(facts: ManifestFacts) -> Findings:
    for workload in facts.workloads:
        restart = workload.pod["restartPolicy"]
        if workload.owner.kind in ("Job", "CronJob") and restart.text not in ("Never", "OnFailure"):
            what = f"restartPolicy of its pods is {restart.text or 'Always'}, which the server refuses"
            yield ManifestFinding("job-restart", workload.owner, restart or workload.pod, what)


def schedules(facts: ManifestFacts) -> Findings:
    for item in facts.of("CronJob"):
        schedule = item.spec["schedule"]
        if not is_schedule(schedule.text):
            yield ManifestFinding("schedule", item, schedule, f"schedule is {schedule.value!r}")


def is_schedule(text: str) -> bool:
    """Whether the CronJob controller can read it."""
    if text.startswith("@"):
        return text in _DESCRIPTORS or bool(_DURATION.fullmatch(text))
    fields = text.split()
    return len(fields) == len(_FIELDS) and all(
        _is_part(part, *bounds)
        for field, bounds in zip(fields, _FIELDS, strict=True)
        for part in field.split(",")
    )


def _is_part(text: str, least: int, greatest: int, names: tuple[str, ...]) -> bool:
    part = _PART.fullmatch(text)
    if not part:
        return False
    if part["first"] in ("*", "?"):
        return part["last"] is None
    numbers = [_number(word, least, names) for word in (part["first"], part["last"] or part["first"])]
    first, last = (number if number is not None else -1 for number in numbers)
    return least <= first <= last <= greatest


def _number(word: str, least: int, names: tuple[str, ...]) -> int | None:
    if word.lower() in names:
        return least + names.index(word.lower())
    return int(word) if word.isdecimal() else None
