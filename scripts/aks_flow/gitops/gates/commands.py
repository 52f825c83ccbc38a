"""The project's own commands: they read what they like, and answer with their exit code."""

from collections.abc import Iterator, Sequence

from aks_flow.core.command import command
from aks_flow.gitops.gates.candidate import Candidate
from aks_flow.target.delivery import DeliveryContext

_ANY = range(256)


def missing(context: DeliveryContext, candidate: Candidate, lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """The candidate is in their environment: GATE_ENVIRONMENT, _VERSION, _DIGEST and _COMMIT."""
    about = {
        "GATE_ENVIRONMENT": candidate.environment,
        "GATE_VERSION": candidate.version,
        "GATE_DIGEST": candidate.image.digest,
        "GATE_COMMIT": candidate.commit,
    }
    for words in lines:
        asked = command(*words, cwd=context.config.root, env=about, reads=True, ok=_ANY)
        answer = context.run.run(asked)
        if answer.code:
            said = (answer.error_text.strip() or answer.text.strip()).splitlines()
            yield ": ".join([f"`{asked}` ended with exit code {answer.code}", *said[-1:]])
