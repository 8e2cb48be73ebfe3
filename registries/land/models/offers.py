"""The terms under which plots are offered."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registries.core.constraints import one_of
from registries.core.records import Record
from registries.land.models.areas import Plot


class OfferedRight(models.TextChoices):
    SALE = "sale", _("sale")
    LEASE = "lease", _("lease")
    RIGHT_TO_BUILD = "rightToBuild", _("right to build")
    USE = "use", _("right of use")
    CONCESSION = "concession", _("concession")


class Procedure(models.TextChoices):
    AUCTION_OPEN = "auctionOpen", _("open auction")
    AUCTION_SEALED = "auctionSealed", _("sealed-bid auction")
    TENDER = "tender", _("tender")
    DIRECT = "direct", _("direct award")
    NEGOTIATION = "negotiation", _("negotiation")


class PriceBasis(models.TextChoices):
    TOTAL = "total", _("in total")
    PER_M2 = "perM2", _("per m²")
    PER_M2_YEAR = "perM2Year", _("per m² a year")
    PER_YEAR = "perYear", _("a year")


PER_AREA = frozenset({PriceBasis.PER_M2, PriceBasis.PER_M2_YEAR})
YEARLY = frozenset({PriceBasis.PER_YEAR, PriceBasis.PER_M2_YEAR})
# Fixed by law since 1999 (Regulation (EU) 2025/1409).
BGN_PER_EUR = Decimal("1.95583")


class OfferState(models.TextChoices):
    DRAFT = "draft", _("draft")
    # Bulgarian adjectives follow the gender of what they describe.
    PUBLISHED = "published", pgettext_lazy("offer", "published")
    CLOSED = "closed", _("closed")
    AWARDED = "awarded", _("awarded")
    CANCELLED = "cancelled", _("cancelled")


class Offer(Record):
    """The terms under which a plot is offered. What can be seen follows its state: only published offers are public."""

    zone_path = "plot__zone"
    personal = ("awarded_party",)

    plot = models.ForeignKey(Plot, on_delete=models.PROTECT, verbose_name=_("plot"))
    right = models.CharField(_("right"), max_length=20, choices=OfferedRight)
    procedure = models.CharField(_("procedure"), max_length=20, choices=Procedure)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    basis = models.CharField(_("price basis"), max_length=20, choices=PriceBasis, default=PriceBasis.TOTAL)
    vat_included = models.BooleanField(_("VAT included"), default=False)
    term_years = models.PositiveSmallIntegerField(_("term (years)"), null=True, blank=True)
    open_period = DateRangeField(pgettext_lazy("offer", "open"), null=True, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    conditions_en = models.TextField(_("conditions in English"), blank=True)
    # In the currency of the price.
    deposit = models.DecimalField(_("deposit"), max_digits=14, decimal_places=2, null=True, blank=True)
    decision_document = models.CharField(_("decision"), max_length=250, blank=True)
    decided_on = models.DateField(_("date of the decision"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=OfferState, default=OfferState.DRAFT)
    awarded_party = models.CharField(_("awarded to"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            ExclusionConstraint(
                name="land_offer_no_overlap",
                expressions=[("plot", RangeOperators.EQUAL), ("open_period", RangeOperators.OVERLAPS)],
                condition=Q(state="published"),
                violation_error_message=_("Two published offers of one plot overlap in time."),
            ),
            one_of("land_offer", "right", OfferedRight),
            one_of("land_offer", "procedure", Procedure),
            one_of("land_offer", "basis", PriceBasis),
            one_of("land_offer", "state", OfferState),
            models.CheckConstraint(
                name="land_offer_published",
                condition=~Q(state="published")
                | (Q(price__isnull=False, open_period__isnull=False) & ~Q(decision_document="")),
                violation_error_message=_("A published offer needs a price, a period and a decision."),
            ),
            models.CheckConstraint(
                name="land_offer_awarded",
                condition=~Q(state="awarded") | ~Q(awarded_party=""),
                violation_error_message=_("An awarded offer needs the party it went to."),
            ),
            models.CheckConstraint(
                name="land_offer_price",
                condition=Q(price__isnull=True) | Q(price__gte=0),
                violation_error_message=_("The price is negative."),
            ),
            models.CheckConstraint(
                name="land_offer_deposit",
                condition=Q(deposit__isnull=True) | Q(deposit__gte=0),
                violation_error_message=_("The deposit is negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plot_id} · {self.get_right_display()}"
