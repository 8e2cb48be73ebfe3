from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from registries.land import pattern


class LandConfig(AppConfig):
    name = "registries.land"
    verbose_name = _("Land")

    def ready(self) -> None:
        post_migrate.connect(pattern.enforce, sender=self)
