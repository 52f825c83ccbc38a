"""Every failure leaves as a Status: no traceback, no bare text."""

import logging

from aiohttp import http_exceptions, web

from aks_flow.rehearsal.standins.kubernetes.api.responses import reply
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import (
    StatusError,
    method_not_allowed,
    unknown_path,
)

LARGEST_BODY = 3 * 1024 * 1024

log = logging.getLogger(__name__)


def server_log() -> logging.Logger:
    """Where aiohttp reports what never becomes a request; bytes that are not HTTP are worth one line."""
    logger = logging.getLogger(f"{__name__}.server")
    if _in_a_line not in logger.filters:
        logger.addFilter(_in_a_line)
    return logger


def _in_a_line(record: logging.LogRecord) -> bool:
    if record.exc_info and isinstance(record.exc_info[1], http_exceptions.HttpProcessingError):
        problem = str(record.exc_info[1]).splitlines()[0]
        record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
        record.msg = f"{record.msg}: {problem.replace('%', '%%')}"
    return True


@web.middleware
async def middleware(request: web.Request, handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except StatusError as error:
        return answer(error)
    except web.HTTPRequestEntityTooLarge:
        text = f"Request entity too large: limit is {LARGEST_BODY}"
        return answer(StatusError(413, "RequestEntityTooLarge", text))
    except web.HTTPNotFound:
        return answer(unknown_path())
    except web.HTTPMethodNotAllowed:
        return answer(method_not_allowed())
    except (ConnectionError, web.HTTPException):
        raise
    except Exception as error:
        log.exception("%s %s", request.method, request.path)
        text = f"Internal error occurred: {type(error).__name__}: {error}"
        return answer(StatusError(500, "InternalError", text))


def answer(error: StatusError) -> web.Response:
    response = reply(error.body(), error.code)
    if error.code == 503:
        response.headers["Retry-After"] = "1"
    return response
