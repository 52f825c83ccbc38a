"""`bench`: what the README claims, measured on stand-ins that run."""

from collections.abc import Iterator

from aks_flow.rehearsal.scenarios.bench import (
    cluster,
    deliveries,
    edits,
    many_services,
    on_azure,
    pairs,
    rehearsals,
    shown,
    task_list,
    verdicts,
    writers,
)
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.target.delivery import DeliveryContext


def measure(context: DeliveryContext, runs: int) -> Iterator[Figure]:
    """Every figure, each measured that many times."""
    yield from task_list.listing(context, runs)
    yield from edits.image_set(context, runs)
    yield from cluster.ready_and_memory(context, runs)
    yield from pairs.measure(context, runs)
    yield from deliveries.changes(context, runs)
    yield from shown.measure(context, runs)
    yield from verdicts.times(context, runs)
    yield from many_services.measure(context, runs)
    yield from writers.measure(context, runs)
    yield from rehearsals.measure(context, runs)
    yield from on_azure.measure(context, runs)
