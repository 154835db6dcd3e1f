"""The site as a WSGI application; every server process ends with the server that started it."""

import os
from threading import Thread

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from forecourt.dealers import places
from forecourt.edge.page_cache import PageCache
from forecourt.run.parenthood import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forecourt.settings")
end_with_parent()
django.setup()
if settings.DEMO:
    from forecourt.run.tour import breaks

    breaks.install()  # before the middleware is put together, since one of them sits in it
application = PageCache(get_wsgi_application())
# Reading all the country's places takes most of a second. Nobody waits for it: neither the start nor the first search.
Thread(target=places.cities, name="places", daemon=True).start()
