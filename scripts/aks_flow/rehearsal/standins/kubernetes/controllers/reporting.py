"""What the controllers have in common that tell of their deeds by events."""

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.objects.events import Recorder
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects


class ReportingController:
    """A `Controller`, but for what it watches and does."""

    name: str

    def __init__(self, objects: Objects, recorder: Recorder, clock: times.Clock = times.now):
        self._objects, self._recorder, self._clock = objects, recorder, clock

    def _report(self, item: dict, reason: str, message: str, type: str = "Normal") -> None:
        self._recorder.event(item, type, reason, message, self.name)
