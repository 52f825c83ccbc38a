"""The app's page in a real browser: it says when another version answers, and everybody can use it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

from tests.e2e.show.chromium import Tab
from tests.e2e.show.test_pages import NARROW, check, run

HIDDEN = "document.getElementById('newer').hidden"


class Quiet(WSGIRequestHandler):
    def log_message(self, *_) -> None:
        """Nobody reads it."""


@contextmanager
def served(answering: list) -> Iterator[str]:
    """The address of whichever app is the last of those."""
    with make_server("127.0.0.1", 0, lambda *words: answering[-1](*words), handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def test_it_says_quietly_when_another_version_answers(tmp_path, axe, make_app):
    old, new = (make_app(APP_IMAGE=f"localhost:5050/front:{version}") for version in ("1.5.0", "1.6.0"))
    answering = [old]

    async def visit(tab: Tab, url: str) -> None:
        await tab.look(*NARROW)
        await tab.open(url)
        await check(tab, axe)
        assert await tab.value(HIDDEN) is True
        answering.append(new)
        await tab.until(f"!{HIDDEN}")
        assert "Version 1.6.0 answers now" in await tab.value("document.getElementById('newer').textContent")
        await check(tab, axe)
        answering.append(old)
        await tab.until(HIDDEN)

    with served(answering) as url:
        run(tmp_path, lambda tab: visit(tab, url))
