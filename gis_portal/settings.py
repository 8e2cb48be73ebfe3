"""Settings of an installation: what differs between installations comes from the environment; README lists it."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from gis_portal import env
from gis_portal.ops import logs
from gis_portal.setup import cluster, dotenv, native

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
dotenv.load(BASE_DIR / ".env")

DEBUG = env.boolean("DEBUG", False)
# The demo and the tests run on one machine without TLS; anything else counts as production.
DEMO = env.boolean("DEMO", False)

SECRET_KEY = env.text("SECRET_KEY", "demo-only-key-that-signs-nothing-of-value-" + "x" * 20 if DEMO or DEBUG else None)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")

# --- The registry -----------------------------------------------------------------------------------------------
# Stored and measured in one projected CRS; changing it on a filled registry needs a data migration.
REGISTRY_SRID = env.integer("REGISTRY_SRID", 7801)
# West, south, east, north in degrees: what lies outside is a wrong CRS. Default: Bulgaria.
REGISTRY_EXTENT = env.numbers("REGISTRY_EXTENT", "22.3,41.2,28.7,44.3", 4)
# Metres around a zone within which its networks and plots may reach.
ZONE_BUFFER_M = env.integer("ZONE_BUFFER_M", 2000, minimum=0)
# Bulgaria: EKATTE.district.parcel (Ordinance RD-02-20-3/2016). `migrate` carries a changed pattern into the database.
CADASTRAL_REFERENCE_PATTERN = env.text("CADASTRAL_REFERENCE_PATTERN", r"^[0-9]{5}\.[0-9]+\.[0-9]+$")
SITE_NAME = env.text("SITE_NAME", "GIS Portal")
# Whose portal it is: written above its name on every page, the coat of arms (an SVG or PNG file) beside both.
MUNICIPALITY_NAME = env.text("MUNICIPALITY_NAME", "Примерна община" if DEMO else "")
MUNICIPALITY_NAME_EN = env.text("MUNICIPALITY_NAME_EN", "Example Municipality" if DEMO else MUNICIPALITY_NAME)
COAT_OF_ARMS = env.file("COAT_OF_ARMS", (".svg", ".png"))
# Who answers for the data in its metadata, and where questions go: portals of open data refuse records without them.
PUBLISHER_NAME = env.text("PUBLISHER_NAME", SITE_NAME)
PUBLISHER_EMAIL = env.text("PUBLISHER_EMAIL", "gis@example.org" if DEMO else "")
# Who answers for personal data, an address of e-mail, and the authorities that visitors may turn to; empty: the
# publisher, Bulgaria's commission, none named.
DATA_PROTECTION_CONTACT = env.text("DATA_PROTECTION_CONTACT", PUBLISHER_EMAIL)
DATA_PROTECTION_BODY = env.text("DATA_PROTECTION_BODY", "")
ACCESSIBILITY_BODY = env.text("ACCESSIBILITY_BODY", "")
# The address of the licence that the data is under. None is invented: without one, the terms are said to be unknown.
DATA_LICENCE = env.text("DATA_LICENCE", "https://creativecommons.org/licenses/by/4.0/" if DEMO else "")
# Shown on every page while the content is invented.
SYNTHETIC_DATA = env.boolean("SYNTHETIC_DATA", DEMO)
# Whether everybody may ask how the registry was on a past day; otherwise only staff may. What is seen of that day is
# decided by today's rights in either case.
PUBLIC_HISTORY = env.boolean("PUBLIC_HISTORY", DEMO)
# Four eyes are the rule; a small registry may let some people's edits from QGIS be published without a second pair.
DIRECT_PUBLISH = env.boolean("DIRECT_PUBLISH", False)
# Tiles that visitors may lay under the registry's own layers. None unless set: their browsers would ask that server.
BASEMAPS = env.basemaps()
# The sites that may show this portal's map in a frame of their pages; empty: none may.
EMBED_ORIGINS = env.embedders("EMBED_ORIGINS")

# --- Django -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "gis_portal.apps.PortalConfig",
    "layers.apps.LayersConfig",
    "registries.exchange.apps.ExchangeConfig",
    "registries.dealings.apps.DealingsConfig",
    "registries.notices.apps.NoticesConfig",
    "registries.serviceability.apps.ServiceabilityConfig",
    "registries.networks.apps.NetworksConfig",
    "registries.land.apps.LandConfig",
    "registries.changes.apps.ChangesConfig",
    "registries.core.apps.CoreConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "leaflet",
    "rest_framework",
    "rest_framework_gis",
    "procrastinate.contrib.django",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]
MIDDLEWARE = [
    # Around everything, so that each answer has its id, its line and its count.
    "gis_portal.ops.logs.RequestLogMiddleware",
    "gis_portal.ops.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "gis_portal.edge.features.no_device_features",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "gis_portal.language.language_of_address",
    # After the language is known, before anything reads the body.
    "gis_portal.edge.limits.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gis_portal.edge.persons.PersonMiddleware",
    "gis_portal.edge.personal.PersonalAnswersMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gis_portal.edge.errors.ErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "gis_portal.urls"
WSGI_APPLICATION = "gis_portal.wsgi.application"
AUTH_USER_MODEL = "core.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "account"
LOGOUT_REDIRECT_URL = "map"
CSRF_FAILURE_VIEW = "gis_portal.edge.errors.forged"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "gis_portal.context.portal",
            ]
        },
    }
]


def database(url: str) -> dict[str, object]:
    """A Django database entry from `postgis://` or `postgresql://` (libpq's URI form, query parameters included)."""
    try:
        parts = conninfo_to_dict(url.replace("postgis://", "postgresql://", 1))
    except ProgrammingError as problem:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {problem}") from None
    if not parts.get("dbname"):
        raise ImproperlyConfigured(
            "DATABASE_URL names no database; the form is postgis://user:password@host:5432/name."
        )
    known = {key: parts.pop(key, "") for key in ("dbname", "user", "password", "host", "port")}
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        **{{"dbname": "NAME"}.get(key, key.upper()): str(value or "") for key, value in known.items()},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parts,
        "TEST": {"NAME": env.text("TEST_DATABASE_NAME", "test_gis_portal")},
    }


DATABASES = {"default": database(env.text("DATABASE_URL", cluster.url(VAR_DIR)))}
# Debian 12 ships GDAL 3.6; the wheels of pyogrio and shapely bring newer libraries.
GDAL_LIBRARY_PATH = native.library("pyogrio.libs", "libgdal-*")
GEOS_LIBRARY_PATH = native.library("shapely.libs", "libgeos_c-*")

# --- Languages, time, numbers -----------------------------------------------------------------------------------
LANGUAGE_CODE = "bg"
LANGUAGES = [("bg", _("Bulgarian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "gis_portal" / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "Europe/Sofia")
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "gis_portal.formats"

# --- Files ------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "gis_portal.finders.NodeModulesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "gis_portal.storage.PortalStaticFiles"},
}
MEDIA_ROOT = VAR_DIR / "media"
# The largest body of a request, and of a transaction, which holds whole layers of QGIS: nginx's client_max_body_size
# should say the same as the larger.
UPLOAD_MAX_BYTES = env.integer("UPLOAD_MAX_BYTES", 10_000_000, minimum=1)
TRANSACTION_MAX_BYTES = env.integer("TRANSACTION_MAX_BYTES", 64_000_000, minimum=1)
# The site's edge holds each address to its own limit.
DATA_UPLOAD_MAX_MEMORY_SIZE = max(UPLOAD_MAX_BYTES, TRANSACTION_MAX_BYTES)

# --- E-mail -----------------------------------------------------------------------------------------------------
# Links to set a password and notices to people. Without a server the demo writes messages to files; elsewhere nothing
# is sent, and administrators hand the links over.
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = env.integer("EMAIL_PORT", 587, minimum=1)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", EMAIL_PORT == 587)
EMAIL_USE_SSL = env.boolean("EMAIL_USE_SSL", EMAIL_PORT == 465)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "portal@localhost")
EMAIL_FILE_PATH = VAR_DIR / "mail"
SENDS_EMAIL = DEMO or bool(EMAIL_HOST)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased' if DEMO else 'dummy'}.EmailBackend"

# --- Enquiries of investors -------------------------------------------------------------------------------------
# Where word of an enquiry goes when its zone names no e-mail of its own; empty: PUBLISHER_EMAIL.
ENQUIRY_EMAIL = env.text("ENQUIRY_EMAIL", "")
# Within how many working days (of Bulgaria) the office answers.
ENQUIRY_REPLY_DAYS = env.integer("ENQUIRY_REPLY_DAYS", 5, minimum=1)
# Closed enquiries are made anonymous after so many months.
ENQUIRY_KEEP_MONTHS = env.integer("ENQUIRY_KEEP_MONTHS", 24, minimum=1)

# --- Operations -------------------------------------------------------------------------------------------------
LOGGING = logs.configuration(readable=DEMO or DEBUG)
# Lets a Prometheus on another machine read /metrics; empty: only this machine may.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
# `manage.py demo` waits 15 s for its processes: a job that runs longer is left to the next worker.
PROCRASTINATE_WORKER_DEFAULTS = {"shutdown_graceful_timeout": 10}
# Load balancers and monitoring ask over plain HTTP, from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]

# --- Security ---------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *sorted({origin for one in BASEMAPS for origin in env.origins(one.url)})],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# How long a link to set a password is good for.
PASSWORD_RESET_TIMEOUT = 24 * 3600
# Programs bring access tokens (edge.persons); REST must not take an account's password from HTTP Basic.
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"]}
# Reviewers and administrators prove a code of an authenticator app at each log-in.
REQUIRE_SECOND_FACTOR = env.boolean("REQUIRE_SECOND_FACTOR", not DEMO)
OTP_TOTP_ISSUER = SITE_NAME
# A name is locked for an address after so many failures, for so long.
LOGIN_FAILURES_MAX = env.integer("LOGIN_FAILURES_MAX", 5, minimum=1)
LOGIN_LOCK_MINUTES = env.integer("LOGIN_LOCK_MINUTES", 15, minimum=1)
# How many proxies of our own each request passes: that many entries of X-Forwarded-For, from the right, are true.
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0 if DEMO or DEBUG else 1, minimum=0)
AXES_FAILURE_LIMIT = LOGIN_FAILURES_MAX
AXES_COOLOFF_TIME = timedelta(minutes=LOGIN_LOCK_MINUTES)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "gis_portal.people.address.client_address"
AXES_LOCKOUT_CALLABLE = "gis_portal.people.lockout.answer"
# A lock ends at the time that it told, however often somebody tries meanwhile.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# What is kept of people: failures while they count. Locks are seen and ended on the pages of people.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "password", "code", "next"]
# Log-in by a provider of OpenID Connect, when an issuer is named; people are found by their verified e-mail.
OIDC_ISSUER = env.web_address("OIDC_ISSUER", "none")
OIDC_CLIENT_ID = env.text("OIDC_CLIENT_ID", None if OIDC_ISSUER else "")
OIDC_CLIENT_SECRET = env.text("OIDC_CLIENT_SECRET", None if OIDC_ISSUER else "")
OIDC_NAME = env.text("OIDC_NAME", "OpenID Connect")
# Whether a person without an account gets one, without any role.
OIDC_CREATE_PEOPLE = env.boolean("OIDC_CREATE_PEOPLE", False)
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
if not DEMO and not DEBUG:
    SECURE_SSL_REDIRECT = env.boolean("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 31_536_000, minimum=0)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
