"""The workload of the recordings: a web server whose behaviour is its version."""

import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VERSION = os.environ["VERSION"]
DRAIN = (
    2  # seconds from SIGTERM to the end, still serving: a terminating pod can be seen, and fails no request
)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        sick = self.path == "/ready" and VERSION == "sick"
        body = f"{VERSION} {os.environ.get('TITLE', '')} {os.environ.get('POD_NAME', '')}\n".encode()
        self.send_response(503 if sick else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, form, *args):
        print(form % args, flush=True)


def drain(*_):
    threading.Timer(DRAIN, os._exit, [0]).start()


if VERSION == "bad":
    print("boom: cannot start", flush=True)
    sys.exit(1)
signal.signal(signal.SIGTERM, drain)
server = ThreadingHTTPServer(("", 8080), Handler)
print(f"listening {VERSION}", flush=True)
server.serve_forever()
