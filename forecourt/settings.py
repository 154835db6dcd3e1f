"""Everything that differs between machines; what the policy or the law fixes stands elsewhere."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("FORECOURT_VAR", ROOT / "var"))
BRAND = Path(os.environ.get("FORECOURT_BRAND", ROOT / "brands" / "wren"))
SECRET_KEY = "overwritten by the launcher"
DEBUG = False
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
ROOT_URLCONF = "forecourt.urls"
WSGI_APPLICATION = "forecourt.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    *(
        f"forecourt.{room}"
        for room in (
            "web adapters people consent cases messaging sharing dealers vehicles interactions rights proof pages console edge run"
        ).split()
    ),
]
