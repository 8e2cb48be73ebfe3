from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "registries.core"
