"""What holds data is not pruned by a commit that forgot it, unless it says something of that itself."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops.folder.render import TRANSFORMER, kept
from aks_flow.manifests.sync_waves import SYNC_OPTIONS, prune_option
from aks_flow.manifests.sync_waves import UNPRUNED_KINDS as KINDS

KUBECTL = Path(sys.executable).parent / "kubectl"
WHERE = "overlays/dev/kustomization.yaml"
HEAD = "# the pins\nkind: Kustomization\nresources: [all.yaml]\n"
OWN = {"apiVersion": "builtin", "kind": "LabelTransformer", "metadata": {"name": "own"}}
FORMS = {
    "no transformers": HEAD,
    "no end of its last line": HEAD.rstrip("\n"),
    "none in the list": f"{HEAD}transformers: []\n",
    "a list": f"{HEAD}transformers:\n  # the team's\n  - own.yaml\n",
    "a list that is not indented": f"{HEAD}transformers:\n- own.yaml\nnamespace: shop\n",
    "a list in one line": f"{HEAD}transformers: [own.yaml]\n",
    "JSON": '{"kind": "Kustomization", "resources": ["all.yaml"]}',
    "a byte order mark": f"\ufeff{HEAD}",
}
SAID = {
    "": ("", "Prune=false"),
    "Prune=confirm": ("Prune=confirm", "Prune=confirm"),
    "Prune=true": ("Prune=true", "Prune=true"),
    "Replace=true, Prune=false": ("Prune=false", "Replace=true, Prune=false"),
    "Replace=true": ("", "Replace=true"),  # which the checks name
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_a_kustomization_of_any_form_gets_the_transformer_once_and_keeps_its_own(text):
    before, after = yaml.safe_load(text), yaml.safe_load(kept(text, WHERE))
    transformers = after.pop("transformers")
    own = before.pop("transformers", [])
    assert before == after and transformers == [TRANSFORMER, *own]
    assert kept(kept(text, WHERE), WHERE) == kept(text, WHERE)


def test_the_other_bytes_stay():
    assert kept(HEAD, WHERE).startswith(HEAD)
    assert "  # the team's\n" in kept(FORMS["a list"], WHERE)


def test_a_key_that_holds_no_list_is_a_sentence():
    for text in ("transformers: own.yaml\n", "transformers:\n", "transformers: {a: b}\n"):
        with pytest.raises(AksFlowError, match="`transformers` is not a list"):
            kept(HEAD + text, WHERE)


@pytest.mark.parametrize(("options", "said"), [(text, said) for text, (said, _) in SAID.items()])
def test_what_an_object_says_of_its_pruning_is_one_of_its_options(options, said):
    assert prune_option({SYNC_OPTIONS: options}) == said
    assert prune_option(None) == prune_option({}) == ""


def rendered(folder, items: list[dict]) -> dict[str, str]:
    """What kustomize makes of the objects' sync options, by kind and name."""
    (folder / "all.yaml").write_text(yaml.safe_dump_all(items))
    (folder / "kustomization.yaml").write_text(kept(f"{HEAD}namespace: shop\n", WHERE))
    done = subprocess.run([KUBECTL, "kustomize", folder], check=True, capture_output=True, text=True)
    return {
        f"{item['kind']}/{item['metadata']['name']}": item["metadata"]
        .get("annotations", {})
        .get(SYNC_OPTIONS, "")
        for item in yaml.safe_load_all(done.stdout)
    }


def item(kind: str, name: str, options: str = "") -> dict:
    annotations = {"team": "shop"} | ({SYNC_OPTIONS: options} if options else {})
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "annotations": annotations}}


def test_kustomize_gives_the_option_to_what_holds_data_and_to_nothing_else(tmp_path):
    kinds = {"Any", "Deployment", "ConfigMap", "StatefulSetTemplate", *KINDS}
    made = rendered(tmp_path, [item(kind, "shop") for kind in kinds])
    assert made == {f"{kind}/shop": "Prune=false" if kind in KINDS else "" for kind in kinds}


def test_what_has_options_keeps_them(tmp_path):
    named = {f"a{at}": options for at, options in enumerate(SAID)}
    made = rendered(tmp_path, [item("StatefulSet", name, options) for name, options in named.items()])
    assert made == {f"StatefulSet/{name}": SAID[options][1] for name, options in named.items()}
