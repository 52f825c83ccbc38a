"""All gates of an environment, asked for one version."""

import time
from itertools import chain

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops.gates import approvals, checks, commands, soak
from aks_flow.gitops.gates.candidate import Candidate
from aks_flow.target.delivery import DeliveryContext


class Gatekeeper:
    """Asks the gates of a candidate's environment, once, when it is about to be let in."""

    def __init__(self, context: DeliveryContext, candidate: Candidate):
        self._context, self._candidate, self._has_passed = context, candidate, False

    def let_in(self) -> None:
        """AksFlowError with a sentence for each gate that is closed; nothing is changed by asking."""
        if not self._has_passed:
            self._refuse(self._missing())
            self._has_passed = True

    def _missing(self) -> list[str]:
        context, candidate = self._context, self._candidate
        gates = context.config.environment(candidate.environment).gates
        asked = (
            soak.missing(context, candidate, gates.soak, time.time()),
            checks.missing(context, candidate, gates.checks),
            commands.missing(context, candidate, gates.commands),
            approvals.missing(context, candidate, gates.approvals),
        )
        return list(chain(*asked))

    def _refuse(self, sentences: list[str]) -> None:
        if sentences:
            name, version = self._candidate.environment, self._candidate.version
            what = f"{name} has gates that are closed for {version}: {'; '.join(sentences)}"
            raise AksFlowError(what, next_step="Run the same command again once that is done.")
