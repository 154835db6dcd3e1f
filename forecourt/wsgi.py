"""The site as a WSGI application; every server process ends with the server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forecourt.settings")
application = get_wsgi_application()
