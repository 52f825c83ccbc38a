"""The shop's page: what there is to buy, as the API tells it, and a button for each."""

import html
import json
import os
import signal
import threading
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = 8000
TITLE = "The corner shop"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1>
<form method="post" action="/order">{products}</form>
</body></html>
"""
PRODUCT = '<p>{name}, {price} <button name="product" value="{name}">Buy</button></p>'


def api(path: str, content: object = None) -> object:
    """What the API answers; OSError if it does not."""
    body = json.dumps(content).encode() if content else None
    url = os.environ.get("API_URL", "http://api:9000") + path
    with urllib.request.urlopen(urllib.request.Request(url, body), timeout=5) as answer:
        return json.load(answer)


def page() -> str:
    products = [
        PRODUCT.format(name=html.escape(product["name"]), price=f"{product['cents'] / 100:.2f} €")
        for product in api("/products")
    ]
    return PAGE.format(title=TITLE, products="\n".join(products))


def version() -> str:
    return json.dumps({"version": os.environ.get("VERSION", "")})


PAGES = {
    "/": ("text/html; charset=utf-8", page),
    "/healthz": ("text/plain", lambda: "ok"),
    "/readyz": ("text/plain", lambda: "ok"),
    "/version": ("application/json", version),
}


class Web(BaseHTTPRequestHandler):
    """One request of a browser, or of whoever asks how it is."""

    def do_GET(self) -> None:
        if self.path not in PAGES:
            return self._send(404, "text/plain", "there is no such page")
        kind, text = PAGES[self.path]
        try:
            return self._send(200, kind, text())
        except OSError as error:
            return self._send(503, "text/plain", f"the API does not answer: {error}")

    def do_POST(self) -> None:
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        try:
            api("/orders", {"product": form.get("product", [""])[0]})
        except OSError as error:
            return self._send(503, "text/plain", f"the API does not take the order: {error}")
        self.send_response(303)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        return self.end_headers()

    def _send(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Serve until SIGTERM."""
    server = ThreadingHTTPServer(("", PORT), Web)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()


if __name__ == "__main__":
    main()
