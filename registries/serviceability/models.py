"""What lies near each plot, derived from the published land and networks so that plots can be searched by it.

Nobody edits these rows and nothing is read from them but searches: a plot's page measures for itself. Who may see what
is decided when they are read, by network and asset type.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from registries.core.models import Audience
from registries.land.models import Plot
from registries.networks.models import AssetType, Network


class Nearest(models.Model):
    """The line of a network that lies nearest to a plot, of those that are shown to `audience`: a row for each audience
    to whom something nearer is shown than to those below it.
    """

    id = models.BigAutoField(primary_key=True)
    plot = models.ForeignKey(Plot, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    network = models.ForeignKey(Network, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    audience = models.PositiveSmallIntegerField(choices=Audience)
    asset_type = models.ForeignKey(AssetType, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    link_id = models.UUIDField(db_index=True)
    distance_m = models.FloatField()

    class Meta:
        verbose_name = _("nearest line of a network")
        verbose_name_plural = _("nearest lines of networks")
        constraints = [
            models.UniqueConstraint(
                fields=["plot", "network", "audience"],
                include=["asset_type", "distance_m"],
                name="serviceability_nearest_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.plot_id} · {self.network_id}: {self.distance_m:.0f} m"


class Alongside(models.Model):
    """A road or a track that runs along a plot: `kind` is its road class or its use, `name` that of the street."""

    id = models.BigAutoField(primary_key=True)
    plot = models.ForeignKey(Plot, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    network = models.ForeignKey(Network, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    asset_type = models.ForeignKey(AssetType, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    link_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("road or track along a plot")
        verbose_name_plural = _("roads and tracks along plots")
        constraints = [
            models.UniqueConstraint(fields=["plot", "link_id"], name="serviceability_alongside_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plot_id} · {self.name}"
