"""Cases as data: faults and other things put into the sample's rendered production manifests."""

import copy
import fnmatch
from pathlib import Path

import jsonpatch
import yaml

from aks_flow.manifests.checks.facts import Surroundings
from tests.unit.rendering import OVERLAYS, rendered

DATA = Path(__file__).parent / "data"
NAMESPACE = "vote-production"
SURROUNDINGS = Surroundings(
    namespace=NAMESPACE,
    others={"vote-dev": "dev", "vote-staging": "staging"},
    made_elsewhere={"Secret": {"redis-auth": ("password",)}, "SecretProviderClass": {"redis-auth": ()}},
    mounted_by={"redis-auth": ("default",)},
)


def cases(name: str) -> list[dict]:
    return yaml.safe_load((DATA / name).read_text())


def seeded(case: dict) -> list[dict]:
    """The rendered manifests with what one case says; disagreements.yaml says how."""
    objects = copy.deepcopy(rendered(OVERLAYS / "production"))
    front = _named(objects, "Deployment/front")["spec"]["template"]["spec"]
    variables = [{"name": name, "value": value} for name, value in case.get("env", {}).items()]
    _merge(front["containers"][0], {"env": variables} | case.get("container", {}))
    _merge(front, case.get("pod", {}))
    for pattern, patch in case.get("patch", {}).items():
        jsonpatch.apply_patch(_named(objects, pattern), patch, in_place=True)
    for pattern in case.get("remove", []):
        objects.remove(_named(objects, pattern))
    return objects + [_placed(item, case) for item in copy.deepcopy(case.get("add", []))]


def _named(objects: list[dict], pattern: str) -> dict:
    names = [f"{item['kind']}/{item['metadata']['name']}" for item in objects]
    (found,) = (index for index, name in enumerate(names) if fnmatch.fnmatchcase(name, pattern))
    return objects[found]


def _merge(holder: dict, more: dict) -> None:
    for key, value in more.items():
        holder[key] = holder[key] + value if isinstance(holder.get(key), list) else value


def _placed(item: dict, case: dict) -> dict:
    """As the namespace transformer leaves it."""
    if not case.get("bare") and not item["kind"].startswith(("Cluster", "Custom")):
        item["metadata"].setdefault("namespace", NAMESPACE)
    return item
