"""Azure Resource Manager's common part: paths, merging, tokens, faults."""

import pytest

from aks_flow.rehearsal.standins.azure import seed
from aks_flow.rehearsal.standins.azure.arm.arm_path import parse
from aks_flow.rehearsal.standins.azure.arm.resource_type import merged
from aks_flow.rehearsal.standins.azure.faults import FILE, Faults
from aks_flow.rehearsal.standins.azure.store import DocumentStore
from aks_flow.rehearsal.standins.azure.tokens import Signer, TokenError

GROUP = "/subscriptions/s/resourceGroups/g"


@pytest.mark.parametrize(
    ("path", "type", "names", "tail", "id"),
    [
        ("/subscriptions", "Microsoft.Resources", (), "subscriptions", ""),
        ("/subscriptions/s/", "Microsoft.Resources/subscriptions", ("s",), "", "/subscriptions/s"),
        (
            "/subscriptions/s/resourcegroups/g",
            "Microsoft.Resources/subscriptions/resourceGroups",
            *(("s", "g"), "", GROUP),
        ),
        (f"{GROUP}/providers/A.B/x", "A.B", (), "x", GROUP),
        (f"{GROUP}/providers/A.B/x/n", "A.B/x", ("n",), "", f"{GROUP}/providers/A.B/x/n"),
        (f"{GROUP}/providers/A.B/x/n/go", "A.B/x", ("n",), "go", f"{GROUP}/providers/A.B/x/n"),
        (
            f"{GROUP}/providers/A.B/x/n/providers/C.D/y/m",
            *("C.D/y", ("m",), "", f"{GROUP}/providers/A.B/x/n/providers/C.D/y/m"),
        ),
        (
            "/subscriptions/s/providers",
            "Microsoft.Resources/subscriptions",
            ("s",),
            "providers",
            "/subscriptions/s",
        ),
        ("/subscriptions/s/providers/A.B/register", "A.B", (), "register", "/subscriptions/s"),
        ("/providers/C.D/y", "C.D", (), "y", ""),
    ],
)
def test_a_path_says_what_it_is_about(path, type, names, tail, id):
    arm_path = parse(path)
    assert (arm_path.type, arm_path.names, arm_path.tail, arm_path.id) == (type, names, tail, id)


def test_a_path_knows_its_subscription_and_group():
    arm_path = parse("/subscriptions/S1/resourcegroups/G1/providers/A.B/x/n")
    assert (arm_path.subscription, arm_path.group, arm_path.name) == ("S1", "G1", "n")


def test_a_merge_patch_adds_replaces_and_takes_away():
    old = {"tags": {"a": "1", "b": "2"}, "keep": [1]}
    assert merged(old, {"tags": {"a": None, "c": "3"}}) == {"tags": {"b": "2", "c": "3"}, "keep": [1]}


def test_a_token_is_read_by_the_key_that_signed_it_alone(tmp_path):
    for name in ("one", "two"):
        seed.make(tmp_path / name)
    signer, other_signer = (Signer(tmp_path / name / "signing.pem") for name in ("one", "two"))
    token = signer.sign({"oid": "who"})
    assert signer.read(token) == {"oid": "who"}
    with pytest.raises(TokenError, match="signature"):
        other_signer.read(token)
    with pytest.raises(TokenError, match="not a JSON Web Token"):
        signer.read("anything")


def test_what_a_store_has_acknowledged_outlives_its_process(tmp_path):
    store = DocumentStore(tmp_path / "azure.db")
    store.put("resource", "/Subscriptions/S", {"name": "first"})
    again = DocumentStore(tmp_path / "azure.db")
    assert again.get("resource", "/subscriptions/s") == {"name": "first"}
    assert again.all("resource", "/subscriptions/") == [{"name": "first"}]


def test_a_fault_strikes_as_often_as_its_file_says(tmp_path):
    faults = Faults(tmp_path)
    assert faults.strike("put a.b/x name") is None
    (tmp_path / FILE).write_text("- {at: PUT A.B/* n*, times: 2, status: 429}\n")
    struck = [faults.strike("PUT A.B/x name") for _ in range(3)]
    assert struck == [{"status": 429}, {"status": 429}, None]
    assert faults.strike("GET A.B/x name") is None


def test_a_lasting_setting_is_not_used_up(tmp_path):
    (tmp_path / FILE).write_text("- {at: token, lifetime: 5}\n")
    faults = Faults(tmp_path)
    assert [faults.setting("token", "lifetime", 3600) for _ in range(2)] == [5, 5]


def test_secrets_are_for_their_owner_alone(tmp_path):
    seed.make(tmp_path)
    private = [file.name for file in tmp_path.iterdir() if file.stat().st_mode & 0o077]
    assert private == []
    assert seed.make(tmp_path) == seed.read(tmp_path)
