"""act: the argument list of one run, and what its log says.

With ``--json`` act writes one object a line; keys that are read here: job, step, stepResult, jobResult,
executionTime (nanoseconds), raw_output, command (summary, set-output, error, …). act 0.2.89.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aks_flow.core.command import Command, command, flags
from aks_flow.core.reading import UNREADABLE, text_of

_NOWHERE = "/dev/null"  # act would read .env, .secrets, .vars and .input of the repository under test
_OWN_STEPS = ("Set up job", "Complete job")
# Its schema is older than GitHub's syntax, so that a key it does not know says nothing; expressions it reads.
_REFUSED = re.compile(
    r"Line: (\d+) Column \d+: ((?:Unknown (?:Variable Access|Function Call)|Failed to parse).*)$"
)
RUNNERS = (
    "ubuntu-24.04",
    "ubuntu-26.04",
    "ubuntu-latest",
)  # what workflow files run on, all of them this machine


@dataclass(frozen=True)
class Provided:
    """What GitHub provides to a run.

    variables: the repository's (`vars.NAME`). environment: what steps see beside act's own.
    secrets: `secrets.NAME`; the one called GITHUB_TOKEN is `github.token` too.
    actions: those that are not fetched, as ``owner/name@ref``, and the folder that each is taken from.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, Path] = field(default_factory=dict)


def run(work: Path, workflow: str, event: str, payload: Path, scratch: Path, provided: Provided) -> Command:
    """Run one workflow of the clone ``work`` on this machine, without containers.

    payload: the event's JSON. scratch: where jobs get their copies of the clone.
    """
    words = flags(
        json=True,
        platform=[f"{label}=-self-hosted" for label in RUNNERS],
        no_cache_server=True,
        workflows=workflow,
        eventpath=payload,
        action_cache_path=scratch,
        env_file=_NOWHERE,
        secret_file=_NOWHERE,
        var_file=_NOWHERE,
        input_file=_NOWHERE,
        var=_pairs(provided.variables),
        secret=_pairs(provided.secrets),
        env=_pairs(provided.environment),
        local_repository=_pairs(provided.actions),
    )
    return command("act", event, *words, cwd=work)


def _pairs(values: Mapping[str, object]) -> list[str]:
    return [f"{name}={value}" for name, value in values.items()]


def validate(root: Path, file: str) -> Command:
    """Read one workflow file and run nothing."""
    words = flags(validate=True, strict=True, workflows=file)
    return command("act", *words, cwd=root, reads=True, ok=(0, 1))


def refused(text: str) -> list[tuple[int, str]]:
    """(line, what) of the expressions that act does not understand, from what it says of a file."""
    matches = filter(None, map(_REFUSED.search, text.splitlines()))
    return list(dict.fromkeys((int(match[1]), match[2]) for match in matches))


@dataclass
class JobStep:
    """state: running, success, failure or skipped. seconds: None until it ends. printed: in pieces."""

    name: str
    state: str = "running"
    seconds: float | None = None
    printed: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it printed."""
        return "".join(self.printed)


@dataclass
class WorkflowJob:
    """name: with the called workflow's before it. state: running, success, failure or skipped."""

    name: str
    state: str = "running"
    steps: dict[str, JobStep] = field(default_factory=dict)

    def __str__(self) -> str:
        """With what its steps took together, or how else it stands."""
        took = sum(step.seconds or 0 for step in self.steps.values())
        return f"{self.name} {took:.1f} s" if self.state == "success" else f"{self.name} {self.state}"


@dataclass
class Log:
    """jobs: by name, in the order of their start. summary: Markdown of all steps. outputs: the steps' own, by
    name. errors: annotations. said: act's own words, for a run that has no job."""

    jobs: dict[str, WorkflowJob] = field(default_factory=dict)
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def failed(self) -> tuple[WorkflowJob, JobStep | None] | None:
        """The first job that failed, and its step if one did."""
        for job in self.jobs.values():
            if job.state == "failure":
                return job, next((step for step in job.steps.values() if step.state == "failure"), None)
        return None


def parse(lines: Iterable[str]) -> Log:
    """A log, whole or as far as it goes."""
    log = Log()
    extend(log, lines)
    return log


def extend(log: Log, lines: Iterable[str]) -> None:
    """Add what more lines say."""
    for line in lines:
        try:
            _read(log, json.loads(line))
        except UNREADABLE:  # the last words of act, or a line that is being written
            log.said.append(line.strip())


def _read(log: Log, entry: object) -> None:
    if isinstance(entry, dict) and entry.get("job"):
        _take(log, entry)
    else:
        log.said.append(_said(entry))


def _said(entry: object) -> str:
    return str(entry.get("msg", "")).strip() if isinstance(entry, dict) else str(entry)


def _take(log: Log, entry: dict) -> None:
    name = entry["job"].strip()
    job = log.jobs.setdefault(name, WorkflowJob(name))
    job.state = text_of(entry.get("jobResult", job.state))
    _command(log, entry)
    if entry.get("stage") == "Main" and entry.get("step") not in (None, *_OWN_STEPS):
        _step(job, entry)


def _step(job: WorkflowJob, entry: dict) -> None:
    step = job.steps.setdefault(
        "/".join(entry.get("stepID", [])), JobStep(entry["step"].removeprefix("Main "))
    )
    if entry.get("raw_output"):
        step.printed.append(text_of(entry["msg"]))
    if "stepResult" in entry:
        step.state, step.seconds = text_of(entry["stepResult"]), entry.get("executionTime", 0) / 1e9


def _command(log: Log, entry: dict) -> None:
    match entry.get("command"):
        case "summary":
            log.summary += entry["content"]
        case "set-output":
            log.outputs[text_of(entry["name"])] = text_of(entry["arg"])
        case "error":
            log.errors.append(text_of(entry["arg"]))
