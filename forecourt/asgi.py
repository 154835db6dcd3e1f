"""The site as `edge.serving` serves it."""

from forecourt.edge.server import Server
from forecourt.wsgi import application as site

application = Server(site)
