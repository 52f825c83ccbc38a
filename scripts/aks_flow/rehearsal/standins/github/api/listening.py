"""The API's HTTP server, on loopback: a thread of the stand-in's process."""

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from aks_flow.rehearsal.standins.github.api import routes
from aks_flow.rehearsal.standins.github.api.tokens import PERSON
from aks_flow.rehearsal.standins.github.event import REPOSITORY
from aks_flow.rehearsal.standins.github.hub import Hub

HOST = "github.localhost"  # gh asks it by plain HTTP, and no other host


def listen(hub: Hub) -> HTTPServer:
    """Serve until the server is shut down; `variables` says how gh gets there."""
    server = HTTPServer(("127.0.0.1", 0), _handler(hub))
    threading.Thread(target=server.serve_forever, daemon=True, name="api").start()
    draft = _place(hub).with_suffix(".new")
    draft.write_text(
        "".join(f"{name}={value}\n" for name, value in variables(hub, server.server_port).items())
    )
    draft.replace(_place(hub))
    return server


def variables(hub: Hub, port: int) -> dict[str, str]:
    """What gh needs to be told, as environment variables."""
    proxy = f"http://127.0.0.1:{port}"
    place = {"GH_HOST": HOST, "GH_REPO": f"{HOST}/{REPOSITORY}", "GH_TOKEN": PERSON}
    return {**place, "GH_CONFIG_DIR": str(hub.state / "gh"), "HTTP_PROXY": proxy, "NO_PROXY": ""}


def told(hub: Hub) -> dict[str, str]:
    """The variables of the server that listens now; FileNotFoundError before the first."""
    return dict(line.split("=", 1) for line in _place(hub).read_text().splitlines())


def _place(hub: Hub) -> Path:
    return hub.state / "gh.env"


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request; through a proxy its address is whole."""

        def _answer(self) -> None:
            content = self._content()
            authorization = self.headers.get("Authorization", "")
            status, document = routes.answer(hub, self.command, self.path, authorization, content)
            text = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - the names are http.server's

        def _content(self) -> bytes:
            """The body; gh sends it in chunks: https://www.rfc-editor.org/rfc/rfc9112#section-7.1"""
            if self.headers.get("Transfer-Encoding", "") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def log_message(self, form: str, *values: object) -> None:
            logging.getLogger(__name__).info(form, *values)

    return Handler
