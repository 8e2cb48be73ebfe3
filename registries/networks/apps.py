from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworksConfig(AppConfig):
    name = "registries.networks"
    verbose_name = _("Networks")

    def ready(self) -> None:
        # Django's place for imports that need the models.
        from registries.changes import door  # noqa: PLC0415
        from registries.core.revisions import bump_on_change  # noqa: PLC0415
        from registries.networks import catalogue, graph, models  # noqa: PLC0415

        door.published.connect(graph.after_publication)

        for model in (models.AssetType, models.AssetAttribute):
            bump_on_change(model, catalogue.TOPIC)
