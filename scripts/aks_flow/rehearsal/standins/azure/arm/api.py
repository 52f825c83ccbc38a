"""Azure Resource Manager over HTTP: caller, resource and permission, then the resource type's answer."""

import json
import logging
import uuid
from collections.abc import Mapping

from aiohttp import web

from aks_flow.rehearsal.standins.azure.arm import access, api_versions, operations
from aks_flow.rehearsal.standins.azure.arm.arm_path import parse
from aks_flow.rehearsal.standins.azure.arm.call import Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, invalid, no_subscription
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.entra.caller import caller
from aks_flow.rehearsal.standins.azure.resources.catalog import ACTIONS, RESOURCE_TYPES

log = logging.getLogger(__name__)
AUDIENCES = ("https://management.core.windows.net", "https://management.azure.com")


class Arm:
    """The aiohttp handler of every ARM path."""

    def __init__(self, cloud: Cloud):
        self._cloud = cloud

    async def handle(self, request: web.Request) -> web.Response:
        try:
            answer = self._answer(await self._call(request))
        except ArmError as error:
            answer = Answer(error.body, error.status, error.headers)
        trace = {"x-ms-request-id": str(uuid.uuid4()), "x-ms-correlation-request-id": str(uuid.uuid4())}
        log.info("%s %s %d", request.method, request.path_qs, answer.status)
        headers = {**trace, **answer.headers}
        if answer.body is None:
            return web.Response(status=answer.status, headers=headers)
        return web.json_response(answer.body, status=answer.status, headers=headers)

    async def _call(self, request: web.Request) -> Call:
        who = caller(self._cloud, request.headers.get("Authorization", ""), (*AUDIENCES, self._cloud.url))
        if who.tenant != self._cloud.seed.tenant:
            message = f"The access token is from the wrong issuer 'https://sts.windows.net/{who.tenant}/'."
            raise ArmError(401, "InvalidAuthenticationTokenTenant", message)
        query = {key.lower(): value for key, value in request.query.items()}
        path = parse(request.path)
        body, command = _body(await request.read()), request.headers.get("CommandName", "")
        return Call(self._cloud, who, request.method, path, query, body, command)

    def _answer(self, call: Call) -> Answer:
        operations.settle(self._cloud)
        if not call.version:
            message = "The api-version query parameter (?api-version=) is required for all requests."
            raise invalid(message, "MissingApiVersionParameter")
        api_versions.check(call)
        if call.path.subscription and call.path.subscription.lower() != self._cloud.seed.subscription:
            raise no_subscription(call.path.subscription)
        self._strike(call)
        return self._dispatch(call)

    def _strike(self, call: Call) -> None:
        """A fault's refusal, if one is due."""
        fault = self._cloud.faults.strike(f"{call.method} {call.path.full_type} {call.path.name}")
        if fault is not None:
            headers = {"Retry-After": str(fault["retryAfter"])} if "retryAfter" in fault else {}
            raise ArmError(fault["status"], fault["code"], fault["message"], headers)

    def _dispatch(self, call: Call) -> Answer:
        if call.method == "GET" and call.path.tail:
            return _resource_type(call, call.path.full_type).list(call)
        access.check(call)
        if call.method == "POST":
            action = ACTIONS.get(call.path.full_type.lower())
            return action(call) if action else _nothing(call)
        resource_type = _resource_type(call, call.path.type)
        methods = {
            "GET": resource_type.get,
            "PUT": resource_type.put,
            "PATCH": resource_type.patch,
            "DELETE": resource_type.delete,
        }
        return methods[call.method](call) if call.method in methods else self._head(call)

    @staticmethod
    def _head(call: Call) -> Answer:
        return Answer(status=204 if call.resource else 404)


def _resource_type(call: Call, type: str):
    return RESOURCE_TYPES.get(type.lower()) or _nothing(call)


def _nothing(call: Call):
    namespace, _, rest = call.path.full_type.partition("/")
    message = (
        f"The resource type '{rest}' could not be found in the namespace '{namespace}' for api version "
        f"'{call.version}': the rehearsal's Azure does not have it."
    )
    raise ArmError(404, "InvalidResourceType", message)


def _body(data: bytes) -> Mapping:
    try:
        return json.loads(data) if data.strip() else {}
    except ValueError as error:
        message = f"The request content was invalid and could not be deserialized: '{error}'."
        raise invalid(message) from error
