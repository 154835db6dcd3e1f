"""The site as a WSGI application; every server process ends with the server that started it."""

import gc
import os
from threading import Timer

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from forecourt.dealers import places
from forecourt.edge.page_cache import PageCache
from forecourt.run.parenthood import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forecourt.settings")
end_with_parent()
# Hundreds of modules, none of them garbage: looking through them over and over is a sixth of the start.
gc.disable()
django.setup()
if settings.DEMO:
    from forecourt.run.tour import breaks

    breaks.install()  # before the middleware is put together, since one of them sits in it
application = PageCache(get_wsgi_application())
gc.freeze()
gc.enable()
# Reading all the country's places takes most of a second. The first pages go first; a search reads them itself.
reading = Timer(3, places.cities)
reading.name, reading.daemon = "places", True
reading.start()
