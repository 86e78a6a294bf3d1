"""Django settings. What differs between installations comes from the environment (see docs/operations.md)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from yiwang.kernel import lawfile
from yiwang.runtime.database import data_folder, django_settings
from yiwang.runtime.mode import host_names, is_production
from yiwang.runtime.secret import secret_key
from yiwang.runtime.witness_policy import policy_file
from yiwang.site.static_headers import add_headers

PACKAGE = Path(__file__).resolve().parent.parent
DATA = data_folder()
PRODUCTION = is_production()
DEBUG = False

if not os.environ.get("YIWANG_LAW") and (DATA / "law").is_dir():
    lawfile.use_folder(DATA / "law")  # procedures that this center adds (docs/add-a-procedure.md)

MODULES = ["evidence", "parties", "tenders", "remedies", "bids", "openings", "experts", "evaluations", "awards"]
MODULES += ["venues"]
MODULES += ["negotiations", "contracts", "outreach"]
MODULES += ["reviews", "reports"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "pgtrigger",
    *(f"yiwang.modules.{name}" for name in MODULES),
    "yiwang.ui",
    "yiwang.desks",
]

DATABASES = {"default": django_settings(DATA)}
AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = ["yiwang.modules.parties.backend.PersonBackend"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "yiwang.site.urls"
WSGI_APPLICATION = "yiwang.site.wsgi.application"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True

# --- security ---------------------------------------------------------------------------------------------------------
SECRET_KEY = secret_key(DATA, production=PRODUCTION)
_hosts = host_names(production=PRODUCTION)
ALLOWED_HOSTS = _hosts if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver", *_hosts]
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in _hosts if not name.startswith(".")]
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health$"]
if os.environ.get("YIWANG_BEHIND_PROXY") == "1":  # only a proxy that overwrites this header may be trusted
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "yiwang_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "yiwang.site.sessions"
STEP_UP_MINUTES = int(os.environ.get("YIWANG_STEP_UP_MINUTES", "15"))
"""For how long a sign-in, or a confirmation of who sits there, is enough for important acts (parties/factors.py)."""
SIGN_INS_KEPT_DAYS = int(os.environ.get("YIWANG_SIGN_INS_KEPT_DAYS", "0"))
"""Days after which records of sign-ins are erased, where the center keeps them longer than the law asks (limit NL-14)."""
CERTIFICATE_AUTHORITIES = Path(os.environ.get("YIWANG_CERTIFICATE_AUTHORITIES", "") or DATA / "certificate-authorities")
"""Folder with the certificates and revocation lists of the authorities that issue certificates to organisations."""
CSRF_COOKIE_NAME = "yiwang_csrf"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Scrypt", "PBKDF2")]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LIVE_PORT = 0 if PRODUCTION else int(os.environ.get("YIWANG_LIVE_PORT", "8001"))
"""Port of live events; 0: they come from the pages' own origin (a proxy hands on ``/live/``)."""
_live = [f"http://{name}:{LIVE_PORT}" for name in ("localhost", "127.0.0.1", *_hosts)] if LIVE_PORT else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *_live],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yiwang.site.files.FilesMiddleware",
    "yiwang.site.policy.PolicyMiddleware",
    "yiwang.site.steady.SteadyConnectionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yiwang.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "yiwang.site.actor.ActorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# --- pages ------------------------------------------------------------------------------------------------------------
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "desks"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yiwang.site.context.live",
                "yiwang.desks.frame.frame",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static" if PRODUCTION else None
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers
WHITENOISE_USE_FINDERS = not PRODUCTION  # from a clone nothing needs collecting; production runs collectstatic
_manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {
        "BACKEND": _manifest if PRODUCTION else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
FILES_FOLDER = DATA / "files"
LOG_FOLDER = DATA / "log"
VAULT_SEGMENT_MIB = int(os.environ.get("YIWANG_VAULT_SEGMENT_MIB", "64"))
"""Size in MiB of a segment of the vault, where sealed bids lie until the opening; holds when the vault is made."""
VAULT_SEGMENTS = int(os.environ.get("YIWANG_VAULT_SEGMENTS", "4"))
"""How many segments it has at first; a power of two. They double when less than a quarter is free."""
VAULT_SLOTS = int(os.environ.get("YIWANG_VAULT_SLOTS", "1024"))
"""Sealed files for which its index has room at first; a power of two, doubled as well."""
LOG_ORIGIN = os.environ.get("YIWANG_LOG_ORIGIN", "evidence.yiwang.example/{year}")
"""Name that a new evidence log gets, ``{year}`` being the year in which it begins; later ones: ``yiwang keys succeed``."""
WITNESS_POLICY = policy_file(DATA)
"""The C2SP tlog-policy file that names the log's witnesses; None: the log has none, and nothing waits for any."""
_hour = os.environ.get("YIWANG_AUDIT_HOUR", "3")
AUDIT_HOUR = int(_hour) if _hour.isdecimal() and int(_hour) < 24 else None
"""Hour of the day (Asia/Shanghai, the machine's clock) in which the worker runs the nightly audit; None: it runs none."""
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o640

# --- logging: to the standard error, one line each, without request bodies, cookies or statements ---------------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"scrub": {"()": "yiwang.runtime.scrub.Scrub"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["scrub"]},
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("YIWANG_LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "django.db.backends": {"level": "WARNING"},
    },
}
