"""Jobs and CronJobs."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.objects.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import invalid, required, unsupported
from aks_flow.rehearsal.standins.kubernetes.validation.pods import template

_NUMBERS = ("parallelism", "completions", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished")
_SHORTHAND = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")


def job(item: dict) -> Iterator[Cause]:
    yield from _job_spec("spec", item.get("spec") or {})


def cron_job(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    yield from _schedule("spec.schedule", spec.get("schedule") or "")
    policy = spec.get("concurrencyPolicy")
    yield from checks.one_of("spec.concurrencyPolicy", policy, "Allow", "Forbid", "Replace")
    limits = ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
    yield from checks.not_negative("spec", spec, *limits)
    yield from _job_spec("spec.jobTemplate.spec", (spec.get("jobTemplate") or {}).get("spec") or {})


def job_update(old: dict, new: dict) -> Iterator[Cause]:
    """A suspended Job that never ran may still change its template."""
    fixed = ["selector", "completionMode"]
    if not (old["spec"].get("suspend") and not (old.get("status") or {}).get("startTime")):
        fixed.append("template")
    if new["spec"].get("completionMode") != "Indexed":
        fixed.append("completions")
    for field in fixed:
        yield from checks.unchanged("spec", old["spec"], new["spec"], field)


def _job_spec(path: str, spec: dict) -> Iterator[Cause]:
    yield from checks.not_negative(path, spec, *_NUMBERS)
    yield from template(f"{path}.template", spec.get("template") or {})
    at = f"{path}.template.spec.restartPolicy"
    policy = ((spec.get("template") or {}).get("spec") or {}).get("restartPolicy", "Always")
    if policy == "Always":
        yield required(at, 'valid values: "OnFailure", "Never"')
    elif policy not in ("OnFailure", "Never"):
        yield unsupported(at, policy, "OnFailure", "Never")


def _schedule(path: str, text: str) -> Iterator[Cause]:
    fields = text.split()
    if not text:
        yield required(path)
    elif text not in _SHORTHAND and not text.startswith("@every ") and len(fields) != 5:
        shown = f"expected exactly 5 fields, found {len(fields)}: [{' '.join(fields)}]"
        yield invalid(path, text, shown)
