from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DealingsConfig(AppConfig):
    name = "registries.dealings"
    verbose_name = _("Enquiries of investors")
