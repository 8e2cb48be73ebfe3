from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from gis_portal.ops import logs


class PortalConfig(AppConfig):
    name = "gis_portal"

    def ready(self) -> None:
        logs.configure(readable=settings.DEMO or settings.DEBUG)
        # Registers the system checks, which need the settings.
        import_module("gis_portal.ops.checks")
