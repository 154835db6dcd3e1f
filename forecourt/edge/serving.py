"""Serves the site: `python -m forecourt.edge.serving --port 8400`."""

import argparse

import uvicorn

from forecourt.edge.wire import PATIENCE, Wire


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("application", nargs="?", default="forecourt.asgi:application")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    uvicorn.run(
        asked.application,
        host=asked.host,
        port=asked.port,
        workers=asked.workers,
        http=Wire,
        ws="none",
        loop="uvloop",
        interface="asgi3",
        lifespan="on",
        # Who asks is told by the proxy that we name in the settings, and by no header that anybody may send.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_keep_alive=int(PATIENCE),
        timeout_graceful_shutdown=5,
        timeout_worker_healthcheck=60,
    )


if __name__ == "__main__":
    main()
