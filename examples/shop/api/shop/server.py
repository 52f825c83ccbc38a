"""The API: products, orders, the version, and whether it is well."""

import json
import os
import signal
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from shop import database

PORT = 9000


def ask(question, *words):
    """What a function of `database` answers, by a connection of its own."""
    with closing(database.connect()) as connection:
        return question(connection, *words)


ANSWERS = {
    "/healthz": lambda: {"ok": True},
    "/version": lambda: {"version": os.environ.get("VERSION", "")},
    "/readyz": lambda: {"products": len(ask(database.products))},
    "/products": lambda: ask(database.products),
    "/orders": lambda: ask(database.states),
}


class Api(BaseHTTPRequestHandler):
    """One request: GET what `ANSWERS` has, POST an order."""

    def do_GET(self) -> None:
        answer = ANSWERS.get(self.path)
        self._send(200, answer()) if answer else self._send(404, {"error": "there is no such page"})

    def do_POST(self) -> None:
        try:
            wish = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            number = ask(database.order, wish["product"], int(wish.get("count", 1)))
        except (ValueError, KeyError, TypeError) as error:
            return self._send(400, {"error": f"this is no order: {error}"})
        return self._send(201, {"order": number})

    def _send(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Serve until SIGTERM. If the database is new, the tables are made first: the Job came before it."""
    ask(database.prepare)
    server = ThreadingHTTPServer(("", PORT), Api)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()


if __name__ == "__main__":
    main()
