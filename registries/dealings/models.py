"""Enquiries of investors: what somebody would like to build, where, and what has been said and done since.

They are the office's own papers, not truth about land: no change sets, no history for everybody, and no layer. Nothing
in here may be given to a catalogue, a protocol or a public export; only the desk and the one page that the holder of a
tracking number opens read it. What is personal in it ends with `registries.dealings.retention`.
"""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registries.core.constraints import one_of
from registries.core.models import User
from registries.dealings import numbers


class State(models.TextChoices):
    NEW = "new", pgettext_lazy("enquiry", "new")
    ANSWERED = "answered", pgettext_lazy("enquiry", "answered")
    VISIT = "visit", pgettext_lazy("enquiry", "visit")
    OFFER = "offer", pgettext_lazy("enquiry", "offer")
    CLOSED = "closed", pgettext_lazy("enquiry", "closed")


class Reason(models.TextChoices):
    CONTRACTED = "contracted", _("a contract was signed")
    NOT_SUITABLE = "notSuitable", _("no plot suits")
    NO_ANSWER = "noAnswer", _("the investor does not answer")
    WITHDRAWN = "withdrawn", _("the investor withdrew")
    DUPLICATE = "duplicate", _("asked twice")
    SPAM = "spam", _("spam")
    OTHER = "other", _("another reason")


class When(models.TextChoices):
    HALF_YEAR = "halfYear", _("within half a year")
    YEAR = "year", _("within a year")
    THREE_YEARS = "threeYears", _("in one to three years")
    LATER = "later", _("later")


class WaterUnit(models.TextChoices):
    LITRES = "l/s", _("l/s")
    CUBIC = "m3/day", _("m³/day")


def random_name(instance: object, filename: str) -> str:
    """What people call a file never becomes a path."""
    return f"enquiries/{uuid.uuid4().hex}"


def quantity(label: Any) -> models.DecimalField[Decimal | float | str | None, Decimal | None]:
    return models.DecimalField(label, max_digits=14, decimal_places=3, null=True, blank=True)


class Enquiry(models.Model):
    """An expression of interest. Plots are kept as they were asked for: the registry may change, the wish does not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=numbers.LENGTH, unique=True, default=numbers.fresh)
    # Of the form it came by: sent twice, it is one enquiry.
    token = models.UUIDField(unique=True)
    # [{"zone": code, "code": code, "id": uuid or null}] as asked for; `zone_ids` decides who sees it, none: all zones.
    plots = models.JSONField(_("plots"), default=list)
    zone_ids = ArrayField(models.UUIDField(), verbose_name=_("zones"), default=list)
    terms = models.TextField(_("search"), blank=True)

    activity = models.CharField(_("activity"), max_length=200)
    area_min_m2 = quantity(_("area from (m²)"))
    area_max_m2 = quantity(_("area to (m²)"))
    power_kva = quantity(_("power (kVA)"))
    gas_nm3_h = quantity(_("gas (Nm³/h)"))
    water = quantity(_("water"))
    water_unit = models.CharField(max_length=10, choices=WaterUnit, default=WaterUnit.LITRES)
    waste_water = quantity(_("waste water"))
    waste_water_unit = models.CharField(max_length=10, choices=WaterUnit, default=WaterUnit.LITRES)
    jobs = models.PositiveIntegerField(_("jobs"), null=True, blank=True)
    wanted = models.CharField(_("wanted"), max_length=20, choices=When, blank=True)
    message = models.TextField(_("message"), blank=True)

    company = models.CharField(_("company"), max_length=200, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=150)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10)
    # The portal's address as the investor saw it, for links in letters that no request leads to.
    origin = models.CharField(max_length=250)
    consent_at = models.DateTimeField(_("consent given"))
    consent_wording = models.CharField(_("wording of the consent"), max_length=20)

    state = models.CharField(_("state"), max_length=20, choices=State, default=State.NEW)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    assignee = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="enquiries", verbose_name=_("assigned to")
    )
    created_at = models.DateTimeField(_("received"), default=timezone.now)
    # Until when the office owes an answer; none while it owes none.
    due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    first_answered_at = models.DateTimeField(_("first answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed on"), null=True, blank=True)
    anonymous_at = models.DateTimeField(_("made anonymous"), null=True, blank=True)

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-created_at"]
        constraints = [
            one_of("dealings_enquiry", "state", State),
            models.CheckConstraint(
                name="dealings_enquiry_closed_with_reason",
                condition=models.Q(state=State.CLOSED, closed_at__isnull=False) & ~models.Q(reason="")
                | ~models.Q(state=State.CLOSED) & models.Q(closed_at=None, reason=""),
                violation_error_message=_("A closed enquiry has a reason, and only a closed one."),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="dealings_enquiry_board")]

    def __str__(self) -> str:
        return self.shown_number

    @property
    def subject(self) -> str:
        """Its key in audit and letters."""
        return f"dealings.enquiry:{self.pk}"

    @property
    def shown_number(self) -> str:
        return numbers.shown(self.number)

    @property
    def is_overdue(self) -> bool:
        return self.due_at is not None and self.state != State.CLOSED and self.due_at < timezone.now()

    @property
    def plot_names(self) -> list[str]:
        return [str(one["code"]) for one in self.plots]

    @property
    def known_plots(self) -> list[str]:
        """Those that the registry had: the others are whatever somebody typed."""
        return [str(one["code"]) for one in self.plots if one["id"]]


class EnquiryFile(models.Model):
    """What somebody sent along. Stored under a random name, never opened here, handed to staff as a download."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=10)
    size_bytes = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    content = models.FileField(upload_to=random_name)

    class Meta:
        verbose_name = _("file of an enquiry")
        verbose_name_plural = _("files of enquiries")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class EnquiryNote(models.Model):
    """A word among staff; never shown to the investor."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("note"))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("note on an enquiry")
        verbose_name_plural = _("notes on enquiries")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class EnquiryMessage(models.Model):
    """One message between the investor and the office; both sides read all of them."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="messages")
    # None: the investor wrote it.
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("message"))
    at = models.DateTimeField(auto_now_add=True)
    letter_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("message of an enquiry")
        verbose_name_plural = _("messages of enquiries")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class EnquiryEvent(models.Model):
    """What happened to an enquiry; rows are only ever added (a trigger of 0001), and hold nothing personal."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    # None: the investor or the portal itself.
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    step = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=State)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    about = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("event of an enquiry")
        verbose_name_plural = _("events of enquiries")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.step} → {self.state}"


class Knock(models.Model):
    """One try at a public door, so that processes count together. The address is a digest of the day, not itself."""

    door = models.CharField(max_length=20)
    who = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("try at a public form")
        verbose_name_plural = _("tries at public forms")
        indexes = [models.Index(fields=["door", "who", "at"], name="dealings_knock_who")]

    def __str__(self) -> str:
        return f"{self.door} {self.at:%H:%M}"
