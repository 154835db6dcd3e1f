"""Stops against a running send: 10,000 people, several workers, killed and cut off again and again.

The carrier is a process of its own that writes down when each message reached it. A stop is acknowledged when
`messaging.stops.settled` says so; both times are CLOCK_MONOTONIC, the same for all processes of a machine. Then it is counted:
messages that reached the carrier after their person's stop was acknowledged, messages that reached it twice, stops that were
acknowledged and are not in the ledger, and unknown outcomes that were sent again.

Beside it, in the same run, two ways that mail systems check: once when the campaign starts, and once a batch.
"""

import json
import multiprocessing
import os
import random
import signal
import socket
import tempfile
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from django.db import connection, connections
from django.utils import timezone

PEOPLE = int(os.environ.get("RACE_PEOPLE", "10000"))
PEER_PEOPLE = 1000
WORKERS = 4
STOPPERS = 8
BATCH = 1000
SPAWN = multiprocessing.get_context("fork")


class Carrier(BaseHTTPRequestHandler):
    """Speaks the carrier's protocol and appends one line a message, in one write, before it answers."""

    protocol_version = "HTTP/1.1"
    log: int

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        os.write(self.log, f"{time.monotonic()} {form['To'][0]} {form['Body'][0].split()[-1]}\n".encode())
        time.sleep(random.random() * 0.004)
        answer = json.dumps({"sid": f"SM{uuid.uuid4().hex}", "status": "queued"}).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def carrier():
    """A carrier on a port of its own; yields its address and the file that it writes."""
    record = Path(tempfile.mkstemp(prefix="carrier-")[1])
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def serve() -> None:
        Carrier.log = os.open(record, os.O_WRONLY | os.O_APPEND)
        server = ThreadingHTTPServer(("127.0.0.1", port), Carrier, bind_and_activate=False)
        server.socket = listener
        server.server_activate()
        server.serve_forever()

    process = SPAWN.Process(target=serve, daemon=True)
    process.start()
    listener.close()
    try:
        yield f"http://127.0.0.1:{port}", record
    finally:
        process.kill()
        process.join()
        record.unlink()
