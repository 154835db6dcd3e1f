"""The real server, with a site of the tests behind it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from django.conf import settings


@contextmanager
def server(application: str) -> Iterator[int]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "forecourt.edge.serving", application, "--port", str(free)],
        cwd=settings.ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "forecourt.settings"},
    )
    try:
        for _ in range(600):
            with suppress(OSError), closing(socket.create_connection(("127.0.0.1", free), timeout=1)):
                break
            time.sleep(0.1)
        yield free
    finally:
        process.terminate()
        process.wait(20)
