import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_portal.settings")
portal = get_wsgi_application()
# By name, because models can be imported only now.
application = import_string("layers.tiles.lane.TileLane")(portal, import_string("gis_portal.ops.metrics.count_tile"))
# All pages are loaded before the first person asks for one.
import_module(settings.ROOT_URLCONF)
