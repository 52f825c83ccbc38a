"""Resource groups by the real `az`, and what happens to an operation when the stand-in restarts."""


def test_a_group_is_made_shown_listed_and_deleted(azure):
    made = azure.ok("group", "create", "--name", "first", "--location", "westeurope", "--tags", "a=b")
    assert made["tags"] == {"a": "b"} and made["properties"]["provisioningState"] == "Succeeded"
    azure.restart()
    assert azure.ok("group", "show", "--name", "FIRST")["id"] == made["id"]
    assert [each["name"] for each in azure.ok("group", "list")] == ["first"]
    azure.ok("group", "delete", "--name", "first", "--yes")
    missing = azure.az("group", "show", "--name", "first")
    assert missing.returncode == 3 and "ResourceGroupNotFound" in missing.stderr


def test_an_operation_outlives_a_restart(azure):
    azure.ok("group", "create", "--name", "going", "--location", "westeurope")
    azure.ok("group", "delete", "--name", "going", "--yes", "--no-wait")
    azure.restart()
    azure.ok("group", "wait", "--name", "going", "--deleted", "--interval", "1", "--timeout", "20")
    assert azure.ok("group", "list") == []
