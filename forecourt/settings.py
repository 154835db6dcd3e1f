"""What differs between machines, and how the parts are put together. What the policy or the law fixes stands elsewhere."""

from pathlib import Path

from forecourt import environment
from forecourt.run import database, secrets

ROOT = environment.ROOT
VAR = environment.VAR
BRAND = environment.BRAND
HTTPS = environment.HTTPS
# Where people reach us from outside, for links in messages; empty: as the brand pack says.
SITE_URL = environment.SITE_URL

# The demo can move the clock, read every message and break promises, so it answers this machine's own browser only.
DEMO = environment.DEMO
LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "testserver"}
ALLOWED_HOSTS = environment.HOSTS
if DEMO and not set(ALLOWED_HOSTS) <= LOOPBACK:
    raise environment.Nonsense(
        f"FORECOURT_DEMO is on and FORECOURT_HOSTS names {', '.join(sorted(set(ALLOWED_HOSTS) - LOOPBACK))}: "
        f"the demo runs on this machine's own addresses only. Switch one of the two off."
    )

SECRET_KEY = secrets.read("secret-key")
NONCE_KEY = secrets.read("nonce-key")
DEBUG = False
ROOT_URLCONF = "forecourt.urls"
WSGI_APPLICATION = "forecourt.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en-us"

INSTALLED_APPS = [
    *(
        f"forecourt.{room}"
        for room in (
            "run edge console pages proof agents requests accounts minors rights programs inquiries interactions vehicles vehicles.builds vehicles.stock "
            "vehicles.recalls vehicles.offers vehicles.payments dealers traffic messaging sharing cases consent people adapters web"
        ).split()
    ),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_htmx",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]

# Sessions, logins and Django's CSRF token live under /staff/ only, the CMS's too: elsewhere nobody gets a cookie from them.
STAFF_PATHS = ("/staff/",)

MIDDLEWARE = [
    "forecourt.edge.middleware.nothing_lent",
    "forecourt.edge.middleware.moment",
    "forecourt.edge.cookies.declared_only",
    "forecourt.edge.signed_in.known",
    "forecourt.edge.told.refusals",
    "forecourt.edge.choices.remembered",
    "forecourt.edge.after_a_no.cookies_gone",
    "forecourt.edge.made_for_one.kept_nowhere",
    "django.middleware.security.SecurityMiddleware",
    "forecourt.edge.csp.generated",  # also on the files that the next one answers with
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # it pads at random, so that lengths tell nothing about what a page holds
    "django.middleware.common.CommonMiddleware",
    "forecourt.edge.forms.OwnPagesOnly",
    "forecourt.edge.staff.StaffOnly",
    "forecourt.edge.childhood.NothingFromChildren",
    "forecourt.console.gate.Gate",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "forecourt.edge.refused.refused_cookies",
                "forecourt.edge.context.choices",
                "forecourt.traffic.context.traffic",
            ],
        },
    },
]

DATABASES = {"default": database.django_settings("app")}

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SHORTEST_PASSWORD = 12
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": SHORTEST_PASSWORD},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "forecourt.accounts.guessable.NotStolen"},
    {"NAME": "forecourt.accounts.guessable.NotOurWords", "OPTIONS": {"min_length": SHORTEST_PASSWORD}},
]
LOGIN_URL = "/staff/account/login/"
LOGIN_REDIRECT_URL = "/staff/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = False
# Attempts count by who makes them: behind the proxy, that is the last address that it added.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
ACCOUNT_ADAPTER = "forecourt.console.accounts.Accounts"
ACCOUNT_FORMS = {
    "login": "forecourt.console.sign_in.SignIn",
    "change_password": "forecourt.console.sign_in.NewPassword",
}
MFA_ADAPTER = "forecourt.console.accounts.SecondFactors"
MFA_FORMS = {
    "authenticate": "forecourt.console.sign_in.SecondFactor",
    "activate_totp": "forecourt.console.sign_in.SetUpApp",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# Every process counts sign-in attempts in one place, so that trying another worker does not help.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "console_remembered",
        "KEY_FUNCTION": "forecourt.console.throttle.key",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# What leaves this machine goes through these. The fakes keep everything here.
SECRETS = environment.SECRETS
KEY_ENCRYPTION_KEY_FILE = SECRETS / "key-encryption-key"
MAIL_ADAPTER = environment.MAIL
SMTP_HOST = environment.SMTP_HOST
SMTP_PORT = environment.SMTP_PORT
SMTP_TLS = environment.SMTP_TLS
SMTP_USER = environment.SMTP_USER
SMTP_PASSWORD = environment.SMTP_PASSWORD
TEXTS_ADAPTER = environment.TEXTS
TWILIO_URL = environment.TWILIO_URL
TWILIO_ACCOUNT = environment.TWILIO_ACCOUNT
TWILIO_TOKEN = environment.TWILIO_TOKEN
CRM_ADAPTER = environment.CRM
ADS_ADAPTER = environment.ADS
AGENTS_ADAPTER = environment.AGENTS
ADS_TOKEN = environment.ADS_TOKEN
EMAIL_BACKEND = "forecourt.messaging.backend.HandoffBackend"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# The brand's own theme and drawings are served beside ours, under brand/.
STATICFILES_DIRS = [("brand", folder) for folder in [Path(BRAND) / "theme"] if folder.is_dir()]
WHITENOISE_MAX_AGE = 3600

SESSION_ENGINE = "forecourt.console.sessions"
# A cookie that the policy does not declare: dropped and reported, and in tests an error.
UNDECLARED_COOKIES_ARE_ERRORS = False
SESSION_COOKIE_NAME = "staff_session"
SESSION_COOKIE_PATH = "/staff"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "staff_csrf"
CSRF_COOKIE_PATH = "/staff"
CSRF_COOKIE_AGE = None  # gone with the browser
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True

SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000  # Wagtail's page editor sends many

WAGTAIL_SITE_NAME = "Forecourt"
WAGTAILADMIN_BASE_URL = SITE_URL or "http://127.0.0.1:8400"
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILDOCS_SERVE_METHOD = "direct"  # the gate shuts documents; the CMS wants their app all the same
WAGTAIL_WORKFLOW_ENABLED = False  # it tells people by email
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# Ids, codes and paths: never a body, a query string or a value that somebody typed.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "forecourt.edge.logs.IdsOnly"},
        "json": {"()": "forecourt.edge.logs.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": environment.LOG}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "INFO"},
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": True, "level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
