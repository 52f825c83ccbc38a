"""Resource groups by the real `az`, and what happens to an operation when the stand-in restarts."""


def test_a_group_is_made_shown_listed_and_deleted(azure):
    made = azure.ok("group", "create", "--name", "first", "--location", "westeurope", "--tags", "a=b")
    assert made["tags"] == {"a": "b"} and made["properties"]["provisioningState"] == "Succeeded"
    assert azure.ok("group", "show", "--name", "FIRST")["id"] == made["id"]
    assert "first" in [each["name"] for each in azure.ok("group", "list")]
    azure.ok("group", "delete", "--name", "first", "--yes", "--no-wait")
    azure.restart()
    azure.ok("group", "wait", "--name", "first", "--deleted", "--interval", "1", "--timeout", "20")
    missing = azure.az("group", "show", "--name", "first")
    assert missing.returncode == 3 and "ResourceGroupNotFound" in missing.stderr


def test_a_throttled_call_is_tried_again_and_a_long_list_comes_in_pages(azure):
    throttled = {"at": "PUT */resourceGroups paged-*", "status": 429, "retryAfter": 1}
    said = {"code": "SubscriptionRequestsThrottled", "message": "Too many requests for the subscription."}
    with azure.faults({**throttled, **said}, {"at": "paging", "pageSize": 1}):
        for name in ("paged-1", "paged-2"):
            azure.ok("group", "create", "--name", name, "--location", "westeurope")
        assert {"paged-1", "paged-2"} <= {each["name"] for each in azure.ok("group", "list")}


def test_an_operation_that_fails_ends_with_its_cause(azure):
    azure.ok("group", "create", "--name", "held", "--location", "westeurope")
    fails = {"code": "ScopeLocked", "message": "The scope is locked."}
    with azure.faults({"at": "operation DELETE */resourceGroups held", "fails": fails, "seconds": 0}):
        assert "ScopeLocked" in azure.refused("group", "delete", "--name", "held", "--yes")
    assert azure.ok("group", "show", "--name", "held")["properties"]["provisioningState"] == "Failed"
