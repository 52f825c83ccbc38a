"""How an environment differs from a manifest: by the server's diff, or by what was applied before."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from aks_flow.manifests import render
from aks_flow.manifests.sync_waves import together
from aks_flow.push import definitions, read_only
from aks_flow.push.fields import server_defaults, unvalidated
from aks_flow.push.read_only import Withheld
from aks_flow.push.refusal import Refused
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import get, output


@dataclass(frozen=True)
class LiveComparison:
    """A manifest beside what the cluster has.

    diff: in which objects of kinds that are made now are whole. live: what the server has of the rest.
    unvalidated: a sentence if the diff is not the server's. withheld: what may not be read.
    """

    diff: str
    live: list[dict]
    unvalidated: tuple[str, ...] = ()
    withheld: Withheld = Withheld()


def compare(
    context: DeliveryContext, environment: str, manifest: str, made: tuple[str, ...], has_namespace: bool
) -> LiveComparison:
    """By the server's diff, or without it where it asks for rights that are lacking.

    made: the names of the definitions that the delivery makes or changes. Refused if the server cannot diff.
    """
    if not has_namespace:
        return LiveComparison(manifest, [])
    known, waiting = definitions.split(manifest, made)
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(read_only.ask, context, get.of_manifest(context.cluster(environment), known))
        difference, said = _by_server(context, environment, known, asked)
    text, withheld = asked.result()
    live = output.objects(text)
    if not said:
        return LiveComparison(difference + waiting, live, withheld=withheld)
    told = unvalidated.difference(withheld.others(render.objects(known)), live)
    return LiveComparison(told + waiting, live, said, withheld)


def _by_server(
    context: DeliveryContext, environment: str, known: str, asked: Future[tuple[str, Withheld]]
) -> tuple[str, tuple[str, ...]]:
    """As `definitions.difference`. Objects that the server refuses only for stale defaults of its own are
    compared without it."""
    try:
        return definitions.difference(context, environment, known)
    except Refused as error:
        live, documents = output.objects(asked.result()[0]), render.documents(known)
        names = server_defaults.refused_for_strategy(str(error))
        pairs = output.pairs([item.object for item in documents], live)
        hidden = [
            item
            for item, there in pairs
            if output.object_name(item) in names and server_defaults.stale_defaults(item, there)
        ]
        if not hidden:
            raise
        rest = together(item for item in documents if item.object not in hidden)
        told = unvalidated.difference(hidden, live)
        difference, said = definitions.difference(context, environment, rest) if rest else ("", ())
        return told + difference, said
