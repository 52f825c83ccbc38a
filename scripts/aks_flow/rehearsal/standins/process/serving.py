"""What the stand-ins that serve HTTPS share: their certificate, and when they end."""

import asyncio
import logging
import signal
import ssl
from pathlib import Path


def tls(folder: Path) -> ssl.SSLContext:
    """With the certificate that credentials.make has put into the folder."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls.crt", folder / "tls.key")
    return context


async def stopped(work: asyncio.Task, log: logging.Logger) -> None:
    """Until a signal asks for the end, or the work ends, which is a fault."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    work.add_done_callback(lambda _: stop.set())
    await stop.wait()
    if work.done():
        log.error("the work ended", exc_info=work.exception())
