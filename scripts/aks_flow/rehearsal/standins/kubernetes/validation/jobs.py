"""Jobs and CronJobs."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import checks, schedules
from aks_flow.rehearsal.standins.kubernetes.validation.causes import invalid, required, unsupported
from aks_flow.rehearsal.standins.kubernetes.validation.pods import template

_NUMBERS = ("parallelism", "completions", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished")
_GIVEN = ("controller-uid", "job-name")  # how the labels end that the server gives a Job's pods
_LONGEST_NAME = 52  # characters: its Jobs have eleven more


def job(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    yield from _job_spec("spec", spec)
    if spec.get("selector") is not None:
        yield from _selector(spec)
    elif spec.get("manualSelector"):
        yield required("spec.selector")


def _selector(spec: dict) -> Iterator[Cause]:
    """By the labels that the server gave it a Job selects its pods, unless its author took that on."""
    selector, labels = spec["selector"], ((spec.get("template") or {}).get("metadata") or {}).get("labels")
    given = {key: value for key, value in (labels or {}).items() if key.endswith(_GIVEN)}
    if not spec.get("manualSelector") and not (selector.get("matchLabels") or {}).items() <= given.items():
        yield invalid("spec.selector", selector, "`selector` not auto-generated")
    yield from checks.selects_its_pods(spec)


def cron_job(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    if len(item["metadata"].get("name", "")) > _LONGEST_NAME:
        text = f"must be no more than {_LONGEST_NAME} characters"
        yield invalid("metadata.name", item["metadata"]["name"], text)
    schedule = spec.get("schedule") or ""
    if not schedule:
        yield required("spec.schedule")
    elif wrong := schedules.fault(schedule):
        yield invalid("spec.schedule", schedule, wrong)
    policy = spec.get("concurrencyPolicy")
    yield from checks.one_of("spec.concurrencyPolicy", policy, "Allow", "Forbid", "Replace")
    limits = ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
    yield from checks.not_negative("spec", spec, *limits)
    path, template = "spec.jobTemplate.spec", (spec.get("jobTemplate") or {}).get("spec") or {}
    yield from _job_spec(path, template)
    if template.get("selector") is not None:
        yield invalid(f"{path}.selector", template["selector"], "`selector` will be auto-generated")
    if template.get("manualSelector"):
        yield unsupported(f"{path}.manualSelector", True, "nil", "false")


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
