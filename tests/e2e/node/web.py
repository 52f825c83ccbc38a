"""The web server of the node's tests: python3 -c SOURCE. Behaviour from its environment."""

import os
import select
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STATE = {"ready": os.environ.get("READY", "yes") == "yes", "alive": True}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path.startswith("/set/"):
            _, _, name, value = self.path.split("/")
            STATE[name] = value == "yes"
        ok = {"/ready": STATE["ready"], "/alive": STATE["alive"]}.get(self.path, True)
        body = f"{os.environ.get('ANSWER', 'hello')} {os.uname().nodename}\n".encode()
        self.send_response(200 if ok else 503)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A client that has gone is no error: a probe that times out goes, and the log is looked at."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


server = Server(("", 8080), Handler)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
print("listening", flush=True)
server.serve_forever()
while select.select([server], [], [], 0.5)[0]:  # who had connected before the signal is answered
    server.handle_request()
server.server_close()
print("bye", flush=True)
