"""The probes of one running container: what they answer changes its facts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import Engine
from aks_flow.rehearsal.standins.kubernetes.kubelet.probes import command, network
from aks_flow.rehearsal.standins.kubernetes.kubelet.probes.outcome import Outcome, ProbeVerdict
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.facts import ContainerFacts

_DEFAULT_PERIOD_SECONDS = 10
_DEFAULT_FAILURES = 3
_TITLES = {"startupProbe": "Startup", "readinessProbe": "Readiness", "livenessProbe": "Liveness"}
KINDS = tuple(_TITLES)


@dataclass(frozen=True)
class Subject:
    """The container under probes.

    beat: a moment of the loop's clock that all probes keep time with, as kubelet's tick from when it
    took the pod on. changed(): its facts changed. unhealthy(message): a probe failed. kill(why, probe):
    it must be restarted.
    """

    engine: Engine
    container: dict
    container_id: str
    address: str
    facts: ContainerFacts
    beat: float
    changed: Callable[[], None]
    unhealthy: Callable[[str], None]
    kill: Callable[[str, dict], None]


async def watch(subject: Subject) -> None:
    """Probe until cancelled: first the startup probe, then the other two side by side."""
    startup = subject.container.get("startupProbe")
    if startup and not subject.facts.started:
        await _until_started(subject, startup)
    _set(subject, started=True)
    if not subject.container.get("readinessProbe"):
        _set(subject, ready=True)
    await asyncio.gather(readiness(subject), _liveness(subject))


async def readiness(subject: Subject) -> None:
    """Keep the readiness of a container current until cancelled."""
    probe = subject.container.get("readinessProbe")
    if probe:
        verdict = _verdict(probe, subject.facts.ready)
        async for outcome in _outcomes(subject, "readinessProbe", probe):
            if verdict.observe(outcome.ok):
                _set(subject, ready=outcome.ok)


async def _liveness(subject: Subject) -> None:
    probe = subject.container.get("livenessProbe")
    if not probe:
        return
    verdict = _verdict(probe, True)
    async for outcome in _outcomes(subject, "livenessProbe", probe):
        if verdict.observe(outcome.ok) and not outcome.ok:
            _kill(subject, "liveness", probe)
            return


async def _until_started(subject: Subject, probe: dict) -> None:
    verdict = _verdict(probe, False)
    async for outcome in _outcomes(subject, "startupProbe", probe):
        if verdict.observe(outcome.ok):
            if outcome.ok:
                return
            _kill(subject, "startup", probe)
            await asyncio.Event().wait()


def _kill(subject: Subject, kind: str, probe: dict) -> None:
    subject.kill(f"Container {subject.container['name']} failed {kind} probe, will be restarted", probe)


def _verdict(probe: dict, start: bool) -> ProbeVerdict:
    failures = probe.get("failureThreshold", _DEFAULT_FAILURES)
    return ProbeVerdict(start, probe.get("successThreshold", 1), failures)


async def _outcomes(subject: Subject, kind: str, probe: dict):
    """Probe at once, and then at each beat; failures are announced."""
    await asyncio.sleep(probe.get("initialDelaySeconds", 0))
    while True:
        outcome = await _probe(subject, probe)
        if not outcome.ok:
            subject.unhealthy(f"{_TITLES[kind]} probe failed: {outcome.message}")
        yield outcome
        await asyncio.sleep(seconds_to_beat(probe, subject.beat))


def seconds_to_beat(probe: dict, beat: float) -> float:
    """Until a probe is due again. beat: see `Subject`."""
    period = probe.get("periodSeconds", _DEFAULT_PERIOD_SECONDS)
    return period - (asyncio.get_running_loop().time() - beat) % period


async def _probe(subject: Subject, probe: dict) -> Outcome:
    timeout = probe.get("timeoutSeconds", 1)
    if action := probe.get("httpGet"):
        return await network.http(action, subject.container, subject.address, timeout)
    if action := probe.get("tcpSocket"):
        return await network.tcp(action, subject.container, subject.address, timeout)
    if action := probe.get("exec"):
        return await command.run(subject.engine, subject.container_id, action["command"], timeout)
    return Outcome(
        False, "gRPC probes are not available in the rehearsal cluster; use httpGet, tcpSocket or exec"
    )


def _set(subject: Subject, **values: bool) -> None:
    if any(getattr(subject.facts, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(subject.facts, name, value)
        subject.changed()
