from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "registries.core"
    verbose_name = _("People, codes and audit")

    def ready(self) -> None:
        # Django's place for imports that need the models.
        from registries.core import codes, guard, models, overlay, revisions  # noqa: PLC0415

        autodiscover_modules("rules")
        revisions.bump_on_change(models.CodeValue, codes.TOPIC)
        pre_migrate.connect(overlay.drop_views, sender=self)
        post_migrate.connect(overlay.create_views, sender=self)
        post_migrate.connect(guard.guard_tables, sender=self)
