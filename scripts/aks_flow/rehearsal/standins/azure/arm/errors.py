"""Azure Resource Manager's errors: ``{"error": {"code": …, "message": …}}`` with a status."""

from collections.abc import Mapping


class ArmError(Exception):
    """A refusal, in Azure's own words where they are known."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None):
        super().__init__(f"{code}: {message}")
        self.status, self.code, self.message, self.headers = status, code, message, dict(headers or {})

    @property
    def body(self) -> dict:
        return {"error": {"code": self.code, "message": self.message}}


def no_resource(type: str, name: str, group: str) -> ArmError:
    more = "For more details please go to https://aka.ms/ARMResourceNotFoundFix"
    message = f"The Resource '{type}/{name}' under resource group '{group}' was not found. {more}"
    return ArmError(404, "ResourceNotFound", message)


def no_group(name: str) -> ArmError:
    return ArmError(404, "ResourceGroupNotFound", f"Resource group '{name}' could not be found.")


def no_subscription(name: str) -> ArmError:
    return ArmError(404, "SubscriptionNotFound", f"The subscription '{name}' could not be found.")


def invalid(message: str, code: str = "InvalidRequestContent") -> ArmError:
    return ArmError(400, code, message)
