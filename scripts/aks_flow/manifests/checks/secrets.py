"""ConfigMaps and Secrets by name and keys: of the manifests, and what their objects have others make."""

from collections.abc import Collection, Iterator

from aks_flow.manifests.checks.facts import Manifest, ManifestFacts, Surroundings, facts_of
from aks_flow.manifests.checks.view import FieldView

CERTIFICATE_KEYS = ("tls.crt", "tls.key", "ca.crt")


class AnyKey(frozenset):
    """The keys of something that is made at run time: any may be there."""

    def __contains__(self, key: object) -> bool:
        return True


def keys_of(facts: ManifestFacts, kind: str, name: str, near: Manifest) -> Collection[str] | None:
    """The keys of the ConfigMap or Secret of that name in an object's namespace; None if there is none."""
    if name in (elsewhere := facts.made_elsewhere(kind)):
        return elsewhere[name]
    if item := facts.named(kind, name, near):
        return {key for part in ("data", "binaryData", "stringData") for key in item.view[part].keys}
    if kind != "Secret":
        return None
    space = facts.namespace_of(near)
    made = (keys for item, made, keys in _made(facts) if made == name and facts.namespace_of(item) == space)
    return next(made, None)


def made_by_others(objects: list[dict]) -> set[str]:
    """The names of the Secrets that objects have others make."""
    return {name for _, name, _ in _made(facts_of(objects, Surroundings()))}


def _made(facts: ManifestFacts) -> Iterator[tuple[Manifest, str, Collection[str]]]:
    """(the object that has it made, the Secret's name, its keys)."""
    for item in facts.of("Certificate"):
        yield item, item.spec["secretName"].text, AnyKey(CERTIFICATE_KEYS)
    for item in facts.of("ExternalSecret"):
        yield item, item.spec["target"]["name"].text or item.name, _external(item.spec)
    for item in facts.of("SealedSecret"):
        name = item.spec.at("template.metadata.name").text or item.name
        yield item, name, item.spec["encryptedData"].keys | item.spec.at("template.data").keys
    for item in facts.of("SecretProviderClass"):
        for made in item.spec["secretObjects"].items():
            yield item, made["secretName"].text, {entry["key"].text for entry in made["data"].items()}


def _external(spec: FieldView) -> Collection[str]:
    """What a template or a whole remote entry gives cannot be seen from here."""
    if spec["dataFrom"] or spec["target"]["template"]:
        return AnyKey()
    return {entry["secretKey"].text for entry in spec["data"].items()}
