from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServiceabilityConfig(AppConfig):
    name = "registries.serviceability"
    verbose_name = _("Networks near plots")
