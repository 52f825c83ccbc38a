"""Which names a stand-in answers to: a web page whose name was made to lead to loopback has another."""

from aiohttp import web

LOOPBACK = ("localhost", "127.0.0.1")


def middleware(suffix: str):
    """A middleware that refuses a request to another host than loopback's, or a name below ``suffix``."""

    @web.middleware
    async def refuse_foreign(request: web.Request, handler) -> web.StreamResponse:
        if is_own(request.host, suffix):
            return await handler(request)
        return web.Response(
            status=421, text="This is a rehearsal's stand-in: it answers to localhost alone.\n"
        )

    return refuse_foreign


def is_own(host: str, suffix: str) -> bool:
    """True for ``localhost:6551`` and ``127.0.0.1``, and for names below the suffix, with its port."""
    return host.partition(":")[0].lower() in LOOPBACK or host.lower().endswith(f".{suffix}")
