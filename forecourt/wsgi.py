"""The site as a WSGI application; every server process ends with the server that started it."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from forecourt.run.parenthood import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forecourt.settings")
end_with_parent()
application = get_wsgi_application()

if settings.DEMO:
    from forecourt.run.tour import breaks

    breaks.install()
