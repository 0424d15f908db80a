"""Settings, read from the environment and an optional `.env` beside `manage.py`.

Every name read here is in `.env.example`; a test keeps the two equal.
"""

from __future__ import annotations

import os
from pathlib import Path

import django_stubs_ext
import environ

from accounts.oidc.configuration import read_providers
from accounts.signup.setting import read_signup
from project import content_policy, logs, telemetry
from project.networks import is_loopback, read_networks
from project.permissions import set_private_umask
from project.secrets import key_files, stored_secret
from project.stores import databases

# Lets the console's classes name their models, which type checkers want and Django's own do not allow.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# Everything that the application writes is stored below DATA_DIR.
DATA_DIR = (BASE_DIR / env.str("DATA_DIR", default="var")).resolve()
CALLERS_UMASK = set_private_umask()
PORT = env.int("PORT", default=8000)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or stored_secret(DATA_DIR / "secret_key")
# This machine is always allowed: its health check connects from there.
NAMES = env.list("ALLOWED_HOSTS", default=[])
ALLOWED_HOSTS = [*NAMES, "localhost", "127.0.0.1", "[::1]"]
# The address at which browsers reach it; links in mails begin with this.
PUBLIC_URL = env.str("PUBLIC_URL", default="").rstrip("/")
# A server that is bound to loopback and has no other name is reached only from this machine.
IS_LOCAL = is_loopback(env.str("BIND_ADDRESS", default="")) and not NAMES and not PUBLIC_URL
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)
TRUSTED_PROXIES = read_networks(env.str("TRUSTED_PROXIES", default=""))

# People
ADMIN_EMAIL = env.str("ADMIN_EMAIL", default="")
ADMIN_PASSWORD = env.str("ADMIN_PASSWORD", default="")
# closed, invitation, open, or domain: and names (accounts/signup.py).
SIGNUP = read_signup(env.str("SIGNUP", default=""), env.str("SIGNUP_OPEN", default=""), is_local=IS_LOCAL)
OIDC = read_providers(env.str("OIDC_PROVIDERS", default=""), os.environ)
NEW_TEAM_LIMITS = env.str("NEW_TEAM_LIMITS", default="") or "storage=10,uploads=50,minutes=600,live_minutes=300,live=2"

# Speech to text. The three STT_ names are fixed; without an endpoint, a local speech server is used.
STT_API_ENDPOINT = env.str("STT_API_ENDPOINT", default="")
STT_API_KEY = env.str("STT_API_KEY", default="")
STT_WS_ENDPOINT = env.str("STT_WS_ENDPOINT", default="")
STT_PROVIDER = env.str("STT_PROVIDER", default="") or "speechstream"
STT_MODEL = env.str("STT_MODEL", default="")
STT_LIMITS = env.str("STT_LIMITS", default="documented")
# What a minute of a recording and of live speech costs at the provider above, in CURRENCY.
STT_PRICE = env.str("STT_PRICE", default="") or "0"
STT_LIVE_PRICE = env.str("STT_LIVE_PRICE", default="") or "0"
CURRENCY = env.str("CURRENCY", default="") or "USD"
# The keys of provider accounts, each in a variable of its own, or in a file that a variable with _FILE names.
STT_API_KEYS = {name: value for name, value in os.environ.items() if name.startswith("STT_API_KEY_")}
STT_API_KEY_FILES = key_files(os.environ)
# Where systemd puts the credentials of a service; a key is there in a file that is named after its variable.
CREDENTIALS_DIRECTORY = os.environ.get("CREDENTIALS_DIRECTORY", "")
# What encrypts the keys that are entered in the console, the newest first; without any, SECRET_KEY does.
CREDENTIALS_KEYS = [key for key in env.list("CREDENTIALS_KEYS", default=[]) if key]
# After this many minutes of silence a live session is ended; 0: never.
LIVE_SILENCE_MINUTES = env.int("LIVE_SILENCE_MINUTES", default=30)
CLAIM_MINUTES = env.int("CLAIM_MINUTES", default=30)
# After this many days what people did is removed from the log of their team; 0: never.
ACTIVITY_DAYS = env.int("ACTIVITY_DAYS", default=0)

# The space that uploads and their processing leave free on the disk, for live audio and the database.
DISK_RESERVE_MB = env.int("DISK_RESERVE_MB", default=1000)
MAX_AUDIO_HOURS = env.float("MAX_AUDIO_HOURS", default=24.0)
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", default=20 * 1024**3)

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "channels",
    "csp",
    "django_htmx",
    "django_rq",
    "accounts",
    "transcripts",
]

MIDDLEWARE = [
    "transcripts.views.monitoring.requests.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "transcripts.views.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "transcripts.views.middleware.PlainTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.self_service.middleware.SessionActivityMiddleware",
    "accounts.self_service.middleware.TimeZoneMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "transcripts.views.middleware.PrivacyMiddleware",
    "transcripts.views.middleware.FoundingMiddleware",
    "transcripts.views.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "transcripts.views.context.shell",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja"],
        "OPTIONS": {"environment": "transcripts.templatetags.quick.environment"},
    },
]

DATABASES = {"default": databases.configuration(env.str("DATABASE_URL", default=""), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="") or f"unix://{DATA_DIR / 'redis' / 'redis.sock'}"
# The pub/sub layer: redis-py's read time-out ends every idle socket on the other one.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "verbatim"},
    }
}

CACHES = {
    "default": {
        "BACKEND": "project.stores.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "verbatim-cache",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}

# RQ only wakes workers; the rows are the truth, so results and failures needn't be stored.
# JSON, because with pickle anyone who can write to Redis could run code in a worker.
RQ_SERIALIZER = "rq.serializers.JSONSerializer"
RQ_QUEUES = {
    name: {"URL": REDIS_URL, "DEFAULT_TIMEOUT": 6 * 3600, "SERIALIZER": RQ_SERIALIZER}
    for name in ("media", "provider", "default")
}
RQ = {"WORKER_CLASS": "project.worker.AppWorker", "COMMIT_MODE": "auto"}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
# Passkeys and authenticator apps. Codes are counted by accounts/attempts.py.
MFA_ADAPTER = "accounts.second_step.adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Verbatim"
MFA_FORMS = {
    "authenticate": "accounts.second_step.forms.CodeForm",
    "reauthenticate": "accounts.second_step.forms.RepeatedCodeForm",
}
SOCIALACCOUNT_ADAPTER = "accounts.oidc.adapter.OidcAccountAdapter"
# An identity comes with an address that its provider verified, or not at all.
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "accounts.oidc.provider.OidcProvider",
        "APPS": [
            {
                "provider_id": one.id,
                "name": one.name,
                "client_id": one.client_id,
                "secret": one.secret,
                "settings": {"server_url": one.issuer},
            }
            for one in OIDC
        ],
    }
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "library"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
# An address is verified by mail if mail is sent at all.
HAS_MAIL = not EMAIL_CONFIG["EMAIL_BACKEND"].endswith((".console.EmailBackend", ".dummy.EmailBackend"))
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if HAS_MAIL else "none"
# Without mail no address is ever verified.
MFA_ALLOW_UNVERIFIED_EMAIL = not HAS_MAIL
# People are told by mail of what changes who can sign in.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# The link was mailed, so it proves the address; signing in again would count against the limit on attempts.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
# Subjects would begin with the Host of the request; and no one without an account gets mail that others request.
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# accounts/attempts.py counts these, so that guessing a password doesn't lock out its owner.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Verbatim <verbatim@localhost>")

# One level beyond Django's: a deletion that can be undone.
MESSAGE_TAGS = {26: "deleted"}

LANGUAGE_CODE = "en"
# With a token Prometheus shows it; without one only this machine is answered, if no one else can connect.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

FORMAT_MODULE_PATH = "project.formats"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default="") or DATA_DIR / "static")
# The sources beside it are bundled and not served.
STATICFILES_DIRS = [("build", BASE_DIR / "static" / "build")]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Uploads are read as they stream; nothing else is near this.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
FILE_UPLOAD_PERMISSIONS = 0o600

CONTENT_SECURITY_POLICY = content_policy.POLICY
CSRF_FAILURE_VIEW = "transcripts.views.uploads.tus.forgery_refused"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Whether other hosts of the domain speak HTTPS only, and whether browsers learn so in advance, is its owner's decision.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# line, or json: an object a line.
LOG_FORMAT = env.str("LOG_FORMAT", default="") or "line"
LOGGING = logs.configuration(level=env.str("LOG_LEVEL", default="INFO"), format=LOG_FORMAT)
telemetry.start(
    sentry_dsn=env.str("SENTRY_DSN", default=""), otlp_endpoint=env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="")
)
