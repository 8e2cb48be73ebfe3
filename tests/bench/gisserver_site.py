"""A whole site of django-gisserver over the table that `peers.table` makes; served from its own environment, not ours.

`BENCH_DATABASE_*` name the database, `BENCH_COLUMNS` the columns as `name:type` pairs.
"""

import os
from typing import Any

import django
from django.conf import settings
from django.contrib.gis.db import models
from django.core.wsgi import get_wsgi_application
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={
        "default": {
            "ENGINE": "django.contrib.gis.db.backends.postgis",
            "CONN_MAX_AGE": None,
            **{name: os.environ.get(f"BENCH_DATABASE_{name}", "") for name in ("NAME", "USER", "HOST", "PORT")},
        }
    },
    GISSERVER_DEFAULT_MAX_PAGE_SIZE=10**9,
    INSTALLED_APPS=["django.contrib.gis", "gisserver"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="for a benchmark",
    USE_TZ=True,
)
django.setup()

from gisserver.crs import CRS  # noqa: E402 - needs the settings above
from gisserver.features import FeatureType  # noqa: E402
from gisserver.views import WFSView  # noqa: E402

KINDS = {
    "text": models.TextField,
    "integer": models.BigIntegerField,
    "real": models.FloatField,
    "boolean": models.BooleanField,
    "date": models.DateField,
    "datetime": models.DateTimeField,
    "uuid": models.UUIDField,
}
pairs = (column.split(":") for column in os.environ["BENCH_COLUMNS"].split(","))
fields = {name: KINDS[kind](null=True) for name, kind in pairs}
BenchPipe: Any = type(
    "BenchPipe",
    (models.Model,),
    {
        "__module__": __name__,
        "id": models.UUIDField(primary_key=True),
        **fields,
        "geom": models.LineStringField(srid=7801),
        "Meta": type("Meta", (), {"app_label": "bench", "managed": False, "db_table": "bench_pipe"}),
    },
)


class View(WFSView):
    xml_namespace = "urn:bench"
    feature_types = [
        FeatureType(BenchPipe.objects.all(), name="bench_pipe", fields="__all__", other_crs=[CRS.from_srid(7801)])
    ]


urlpatterns = [path("wfs", View.as_view())]
application = get_wsgi_application()
