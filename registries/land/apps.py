from django.apps import AppConfig
from django.db.models.signals import post_migrate

from registries.land import pattern


class LandConfig(AppConfig):
    name = "registries.land"

    def ready(self) -> None:
        post_migrate.connect(pattern.enforce, sender=self)
