from django.apps import AppConfig


class LandConfig(AppConfig):
    name = "registries.land"
