"""The app of an environment that is asked all the time while a change of it is delivered there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aks_flow.core import wait
from aks_flow.core.config.contract import Contract
from aks_flow.core.image_ref import ImageRef
from aks_flow.rehearsal.scenarios import app_change, workspace
from aks_flow.rehearsal.scenarios.push_and_pull import entrance, load
from aks_flow.rehearsal.scenarios.push_and_pull.measured import MeasuredDelivery
from aks_flow.rollout import service_request
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl

_SEEN_WITHIN = 15  # seconds from the end of the delivery to a page with the change


@dataclass
class AppUnderLoad:
    """text: what the change says. address: the app's for a person, "" for none. tally: of the load."""

    context: DeliveryContext
    environment: str
    text: str
    address: str
    tally: dict = field(default_factory=dict)

    def change(self, repo: Path) -> None:
        """Commit the change in the clone."""
        with self.context.steps("commit") as step:
            workspace.change(self.context.run, self.context.config, repo, self.text)
            step.note = self.text

    def see(self) -> None:
        """DeadlineError unless the app shows the change; nothing is asked if it is not said where."""
        path, cluster = self.context.config.rehearsal.change.path, self.context.cluster(self.environment)
        contract = self.context.config.contract
        if not (path and contract.service):
            return
        with self.context.steps("seen") as step:
            what = f"{self.text!r} in what {path} answers"
            step.note = what
            wait.until(lambda: self._says(cluster, contract, path), what, _SEEN_WITHIN)

    def _says(self, cluster: Kubectl, contract: Contract, path: str) -> bool:
        return self.text in service_request.get(self.context.run, cluster, contract, path).text

    def measured(self, path: str, image: ImageRef, times: Mapping[str, float]) -> MeasuredDelivery:
        """The delivery, once the block has ended.

        It serves alone from the moment that the load saw; if no answer tells, from the verdict.
        """
        seen = (load.serves_alone_since(self.tally, version) for version in (image.tag, self.text))
        serves = next((moment for moment in seen if moment), times["ready"])
        requests = {name: self.tally[name] for name in ("sent", "failed", "reasons", "slowest")}
        return MeasuredDelivery(
            path, self.environment, image, self.address, times={**times, "serve": serves}, **requests
        )


@contextmanager
def requests(context: DeliveryContext, environment: str) -> Iterator[None]:
    """Steady requests to what an environment runs, inside the block."""
    with entrance.opened(context, environment, direct=True) as way:
        asked = load.request(context.config, environment, way, text="")
        with load.load(context.config, asked, environment):
            yield


@contextmanager
def app_under_load(context: DeliveryContext, environment: str, direct: bool) -> Iterator[AppUnderLoad]:
    """The app, under load inside the block. direct: see `entrance.opened`."""
    text = app_change.fresh_text()
    with entrance.opened(context, environment, direct) as way:
        asked = load.request(context.config, environment, way, text)
        app = AppUnderLoad(context, environment, text, way.address if way else "")
        with load.load(context.config, asked, environment) as read_tally:
            yield app
            app.see()
        app.tally = read_tally()
