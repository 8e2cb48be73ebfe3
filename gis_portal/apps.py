from importlib import import_module

from django.apps import AppConfig
from django.core.signals import got_request_exception

from gis_portal.ops import logs


class PortalConfig(AppConfig):
    name = "gis_portal"

    def ready(self) -> None:
        logs.configure()
        got_request_exception.connect(logs.tell_failure, dispatch_uid="tell failure")
        # Registers the system checks, which need the settings.
        import_module("gis_portal.ops.checks")
        # Needs the models.
        import_module("gis_portal.people.lockout").connect()
