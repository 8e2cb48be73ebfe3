"""`manage.py load_catalogue`: the code lists and asset types that come with the product, as often as one likes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from registries.core import codes
from registries.core.seeds import Seeded
from registries.networks import catalogue


class Command(BaseCommand):
    help = "Add and renew the code lists and asset types that come with the product; rows of your own stay."

    def handle(self, *args: Any, **options: Any) -> None:
        self.say(_("Codes"), codes.load())
        types, attributes = catalogue.load()
        self.say(_("Asset types"), types)
        self.say(_("Attributes"), attributes)

    def say(self, what: str, seeded: Seeded) -> None:
        counts = _("%(created)d created, %(updated)d updated, %(unchanged)d unchanged") % vars(seeded)
        self.stdout.write(f"{what}: {counts}")
