"""The copy of a kind's objects: what its thread does when the event loop has ended."""

import asyncio
import threading
from types import SimpleNamespace

from aks_flow.rehearsal.standins.argocd.reflector import Reflector

SECONDS = 60
KIND = SimpleNamespace(name="things", group_version="v1", kind="Thing")
THING = {"metadata": {"name": "a", "uid": "u", "resourceVersion": "2"}}


class Late:
    """Its watch has news once the loop has ended."""

    def __init__(self):
        self.ended, self.thread = threading.Event(), None

    def list(self, *_):
        self.thread = threading.current_thread()
        return {"items": [], "metadata": {"resourceVersion": "1"}}

    def watch(self, *_):
        assert self.ended.wait(SECONDS)
        yield "ADDED", THING


def test_news_that_come_after_the_loop_has_ended_end_the_thread_in_silence(monkeypatch):
    raised, api = [], Late()
    monkeypatch.setattr(threading, "excepthook", raised.append)

    async def follow() -> None:
        reflector = Reflector(api, KIND, lambda *_: None)
        reflector.start()
        await reflector.ready.wait()

    asyncio.run(follow())
    api.ended.set()
    api.thread.join(SECONDS)
    assert (api.thread.is_alive(), raised) == (False, [])
