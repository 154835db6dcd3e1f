"""A server process, as the server starts it."""

import subprocess
import sys

READ_IN_ADVANCE = """
import threading
from forecourt import wsgi
from forecourt.dealers import places
for thread in threading.enumerate():
    if thread.name == "places":
        thread.join(30)
print(places.cities.cache_info().currsize)
"""


def test_the_first_search_by_city_finds_the_places_read():
    said = subprocess.run([sys.executable, "-c", READ_IN_ADVANCE], capture_output=True, text=True, timeout=60)

    assert said.stdout.strip() == "1", said.stderr
