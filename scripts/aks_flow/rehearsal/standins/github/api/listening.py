"""The API's HTTP server, on a socket of this machine: a thread of the stand-in's process."""

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import UnixStreamServer

from aks_flow.rehearsal.standins.github.api import routes
from aks_flow.rehearsal.standins.github.api.tokens import PERSON, Allowance
from aks_flow.rehearsal.standins.github.event import REPOSITORY
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.process.github_address import HOST, socket_of

_PRIVATE = 0o600  # the folder is everybody's, and the tokens are no secrets


def listen(hub: Hub) -> UnixStreamServer:
    """Serve until the server is shut down; `told` says how gh gets there."""
    socket = socket_of(hub.state)
    socket.unlink(missing_ok=True)  # a server that was killed leaves its own
    server = UnixStreamServer(str(socket), _handler(hub), bind_and_activate=False)
    server.server_bind()
    socket.chmod(_PRIVATE)  # before anybody can connect
    server.server_activate()
    threading.Thread(target=server.serve_forever, daemon=True, name="api").start()
    _settings(hub).mkdir(parents=True, exist_ok=True)
    (_settings(hub) / "config.yml").write_text(f"http_unix_socket: {socket}\n")
    variables = {**way(hub), "GH_TOKEN": PERSON}
    draft = _place(hub).with_suffix(".new")
    draft.write_text("".join(f"{name}={value}\n" for name, value in variables.items()))
    draft.replace(_place(hub))
    return server


def close(hub: Hub, server: UnixStreamServer) -> None:
    server.shutdown()
    server.server_close()
    socket_of(hub.state).unlink(missing_ok=True)


def way(hub: Hub) -> dict[str, str]:
    """What leads gh here, as environment variables; who asks is not in it."""
    return {"GH_HOST": HOST, "GH_REPO": f"{HOST}/{REPOSITORY}", "GH_CONFIG_DIR": str(_settings(hub))}


def _settings(hub: Hub) -> Path:
    return hub.state / "gh"


def told(hub: Hub) -> dict[str, str]:
    """The variables of the server that listens now; FileNotFoundError before the first."""
    return dict(line.split("=", 1) for line in _place(hub).read_text().splitlines())


def _place(hub: Hub) -> Path:
    return hub.state / "gh.env"


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    nobody = Allowance()

    class Handler(BaseHTTPRequestHandler):
        """One request."""

        def _answer(self) -> None:
            content = self._content()
            authorization = self.headers.get("Authorization", "")
            status, document = routes.answer(hub, nobody, self.command, self.path, authorization, content)
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

        def address_string(self) -> str:
            return "gh"  # a socket's client has no address

        def log_message(self, form: str, *values: object) -> None:
            logging.getLogger(__name__).info(form, *values)

    return Handler
