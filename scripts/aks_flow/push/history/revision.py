"""A revision: what was applied once, by whom, and what came of it; as a Secret and back.

A Secret, since manifests may hold what others must not read. Kept compressed: a Secret holds 1 MiB at most.
"""

import base64
import binascii
import gzip
import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property

from aks_flow.core.command import Secret
from aks_flow.core.config.contract import Contract, ToldVersion
from aks_flow.core.config.sections import SmokeCheck
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef, with_others
from aks_flow.core.reading import UNREADABLE
from aks_flow.core.yaml_text import NotYaml
from aks_flow.manifests import render
from aks_flow.rollout.verdict.verdict import GOOD
from aks_flow.target.push_records import LABELS
from aks_flow.tools.kubectl import output

TYPE = "aks-flow/revision"
VERDICT, CONCLUDED = "aks-flow/verdict", "aks-flow/concluded"  # annotations: they come later than the rest
WAITS, REJECTED = "waits", "rejected"  # the verdicts of a version that stands beside the old one
PENDING = "pending"  # the verdict of a delivery that runs, or that was killed
UNPACKED = 32_000_000  # bytes of a manifest at most, once it is no longer compressed
LARGEST = 1_000_000  # bytes of a compressed manifest; the server refuses a Secret of more than 1 MiB
_GZIP = 31  # zlib's word for gzip's form, with the largest window
_UNREADABLE = (*UNREADABLE, MemoryError, zlib.error, binascii.Error, NotYaml)


@dataclass(frozen=True)
class Revision:
    """One delivery to an environment.

    when: RFC 3339. who, run: who started it, and the workflow run's address or "". commit: of the manifests.
    image: the app's, with its others if it has several.
    verdict: good, a reason, PENDING, WAITS or REJECTED. restores: the number of the revision that it went
    back to, 0 if none. created: the objects that were not there before, as `kubectl get --output=name` calls
    them. packed: the manifest, compressed, or "" if too large. digest: of the manifest. checks: what the app
    had to answer. contract: how it was asked, None if that was not kept.
    kept: objects that no good revision has, as they were before it, compressed as ``packed`` is.
    concluded: when the verdict was written down (RFC 3339), "" before that.
    """

    number: int
    when: str
    who: str
    run: str
    image: ImageRef
    commit: str
    verdict: str = PENDING
    restores: int = 0
    created: tuple[str, ...] = ()
    packed: str = ""
    digest: str = ""
    checks: tuple[SmokeCheck, ...] = ()
    contract: Contract | None = None
    kept: str = ""
    concluded: str = ""

    @property
    def name(self) -> str:
        """Of the Secret."""
        return f"aks-flow.revision.{self.number}"

    @property
    def good(self) -> bool:
        return self.verdict == GOOD

    @cached_property
    def manifest(self) -> str:
        """AksFlowError if it is not the text that was applied."""
        text = self._read(unpack, self.packed)
        if not self.same(text):
            raise self.unusable("its manifest has another digest than was written down")
        return text

    @cached_property
    def replaced(self) -> list[dict]:
        """Objects that no good revision has, as they were before this one."""
        items = self._read(json.loads, self._read(unpack, self.kept)) if self.kept else []
        self._read(_named, items)
        return items

    @cached_property
    def objects(self) -> dict[str, dict]:
        """The manifest's objects, as `kubectl get --output=name` calls them; none if it was not kept."""
        return self._read(_named, self._read(render.objects, self.manifest)) if self.packed else {}

    def _read(self, reader: Callable, data):
        try:
            return reader(data)
        except _UNREADABLE as error:
            raise self.unusable("it is damaged") from error

    def unusable(self, why: str) -> AksFlowError:
        step = f"Remove it (`kubectl delete secret {self.name}`), and deliver its version again: push.deploy."
        return AksFlowError(f"{self} cannot be used: {why}", where=f"secret/{self.name}", next_step=step)

    def same(self, manifest: str) -> bool:
        return self.digest == digest(manifest)

    def __str__(self) -> str:
        return f"revision {self.number} ({self.image.tag}, {self.image.digest[:19]})"


def digest(manifest: str) -> str:
    return hashlib.sha256(manifest.encode()).hexdigest()


def pack(manifest: str, beside: str = "") -> str:
    """The text compressed, the same for the same text; "" if no Secret can hold it beside another one."""
    packed = gzip.compress(manifest.encode(), mtime=0)
    return base64.b64encode(packed).decode() if len(packed) <= LARGEST - len(beside) * 3 // 4 else ""


def unpack(packed: str) -> str:
    """The text that `pack` compressed; ValueError or zlib.error if it is none, or one without an end."""
    reader = zlib.decompressobj(wbits=_GZIP)
    text = reader.decompress(base64.b64decode(packed), UNPACKED)
    if not reader.eof:
        raise ValueError("too large, or cut short")
    return text.decode()


def _named(items: list[dict]) -> dict[str, dict]:
    named = {output.object_name(item): item for item in items}
    if any(not isinstance(item["metadata"].get("namespace", ""), str) for item in items):
        raise TypeError("a namespace that is no text")
    return named


_PLAIN = ("number", "when", "who", "run", "commit", "restores", "digest")


def secret(revision: Revision, namespace: str) -> Secret:
    """The Secret that keeps a revision."""
    about = {key: getattr(revision, key) for key in _PLAIN}
    about |= {"image": str(revision.image), "created": list(revision.created)}
    if revision.image.others:
        about |= {"others": {name: str(other) for name, other in revision.image.others.items()}}
    about |= {"checks": [asdict(check) for check in revision.checks]}
    about |= {"contract": asdict(revision.contract)} if revision.contract else {}
    metadata = {
        "name": revision.name,
        "namespace": namespace,
        "labels": LABELS,
        "annotations": {VERDICT: revision.verdict},
    }
    item = {"apiVersion": "v1", "kind": "Secret", "type": TYPE, "metadata": metadata}
    data = {"manifest": revision.packed} | ({"replaced": revision.kept} if revision.kept else {})
    values = {"data": data, "stringData": {"about": json.dumps(about)}}
    return Secret(json.dumps(item | values))


def parse(item: dict) -> Revision:
    """A Secret of `secret` -> Revision; AksFlowError if it is none."""
    try:
        return _parse(item)
    except (AksFlowError, *_UNREADABLE) as error:
        name, namespace = item["metadata"]["name"], item["metadata"].get("namespace", "")
        step = f"Remove it: `kubectl --namespace {namespace} delete secret {name}`."
        what = "this revision of the history cannot be read"
        raise AksFlowError(what, where=f"secret/{name}", next_step=step) from error


def _parse(item: dict) -> Revision:
    about = json.loads(base64.b64decode(item["data"]["about"]))
    notes = item["metadata"].get("annotations") or {}
    return Revision(
        **{key: about[key] for key in _PLAIN},
        image=_image(about),
        created=tuple(about["created"]),
        contract=_contract(about),
        checks=tuple(SmokeCheck(**check) for check in about["checks"]),
        verdict=notes.get(VERDICT, PENDING),
        concluded=notes.get(CONCLUDED, ""),
        packed=item["data"].get("manifest", ""),
        kept=item["data"].get("replaced", ""),
    )


def _contract(about: dict) -> Contract | None:
    kept = about.get("contract")
    return Contract(**{**kept, "version": ToldVersion(**kept["version"])}) if kept else None


def _image(about: dict) -> ImageRef:
    others = {name: ImageRef.parse(text) for name, text in about.get("others", {}).items()}
    return with_others(ImageRef.parse(about["image"]), others)
