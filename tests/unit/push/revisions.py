"""Revisions, and the Secrets that a server gives back."""

import base64
import json

from aks_flow.core.config.contract import Contract, ToldVersion
from aks_flow.core.config.sections import SmokeCheck
from aks_flow.core.image_ref import ImageRef
from aks_flow.push.history.revision import Revision, digest, pack, secret
from tests.unit.planned import DIGEST

MOMENT = "2026-01-01T00:00:00Z"
CONCLUDED = f"aks-flow/concluded={MOMENT}"
IMAGE = ImageRef("localhost:5050", "front", "1.5.0", DIGEST)


def entry(number: int, manifest: str, verdict="good", restores=0, created=(), replaced=()) -> Revision:
    return Revision(
        number,
        MOMENT,
        "someone@machine",
        "",
        IMAGE,
        "c" * 40,
        verdict,
        restores,
        created,
        pack(manifest),
        digest(manifest),
        (SmokeCheck("/readyz"),),
        Contract("front", "http", ToldVersion("/version", key="version")),
        kept=pack(json.dumps(replaced)) if replaced else "",
    )


def kept(revision: Revision) -> dict:
    """The Secret as a server gives it back."""
    item = json.loads(secret(revision, "vote-dev").reveal())
    data = {key: base64.b64encode(value.encode()).decode() for key, value in item.pop("stringData").items()}
    return item | {"data": item["data"] | data}
