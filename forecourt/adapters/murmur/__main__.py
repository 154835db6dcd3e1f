"""python -m forecourt.adapters.murmur PORT SITE (its token comes in FORECOURT_ADS_TOKEN)"""

import sys

from forecourt import environment

from . import server
from .store import Store

if __name__ == "__main__":
    port, site = int(sys.argv[1]), sys.argv[2]
    server.serve(port, site, environment.ADS_TOKEN, Store(environment.VAR / "demo" / "murmur.sqlite3"))
