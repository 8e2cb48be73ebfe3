from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class ServiceabilityConfig(AppConfig):
    name = "registries.serviceability"
    verbose_name = _("Networks near plots")

    def ready(self) -> None:
        # Django's place for imports that need the models.
        from registries.changes import door  # noqa: PLC0415
        from registries.networks.models import AssetType  # noqa: PLC0415
        from registries.serviceability import nearest, tasks  # noqa: PLC0415

        door.published.connect(nearest.after_publication)
        post_migrate.connect(nearest.fill, sender=self)
        for signal in (post_save, post_delete):
            signal.connect(tasks.after_catalogue, sender=AssetType)
