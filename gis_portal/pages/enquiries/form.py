"""The form of an enquiry: short, telephone first; what is needed is folded away. It reads numbers as people write them.

Amounts are told in the unit that the investor thinks in and kept in one: m², kVA. Water keeps its unit, because litres
a second are a peak and cubic metres a day an amount.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from layers.plots.parameters import M2_PER_UNIT
from layers.plots.terms import Terms, plain
from registries.dealings.holder import MESSAGE_MAX
from registries.dealings.models import WaterUnit, When

AREA_UNITS = (("m2", gettext_lazy("m²")), ("dka", gettext_lazy("dka (1,000 m²)")), ("ha", gettext_lazy("ha")))
POWER_UNITS = (("kva", gettext_lazy("kVA")), ("mva", gettext_lazy("MVA")))
KVA_PER = {"kva": Decimal(1), "mva": Decimal(1000)}
GREATEST = Decimal(10) ** 10
# Control characters, and those that turn the direction of what follows; a NUL is refused by the field itself.
UNSEEN = re.compile(r"[\x01-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
SPACES = re.compile(r"[\s\u00a0\u202f']+")
NUMBER = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
# A comma with three digits behind it: thousands in English, a decimal in Bulgarian.
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
PHONE = re.compile(r"[+()/.\-\s\d]{5,40}")
NEEDS = ("power", "gas_nm3_h", "water", "waste_water", "jobs", "wanted", "company")


class Amount(forms.CharField):
    """A number that is not negative, with a point or a comma, with or without spaces."""

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(required=False, max_length=30, widget=forms.TextInput(attrs=attributes), **options)

    def clean(self, value: Any) -> Any:
        text = SPACES.sub("", super().clean(value))
        if not text:
            return None
        if get_language() == "en" and THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        if not NUMBER.fullmatch(text):
            raise ValidationError(_("Write a number, such as 1200 or 0.5."))
        found = Decimal(text.replace(",", "."))
        if found > GREATEST:
            raise ValidationError(_("This number is too large."))
        return found


def unit(choices: Any, label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=choices, label=label, required=False, widget=forms.Select(attrs={"autocomplete": "off"})
    )


class Line(forms.CharField):
    """One line of text: a letter that quotes it keeps its own shape, and words stand in the order they are read."""

    def to_python(self, value: Any) -> Any:
        return " ".join(UNSEEN.sub(" ", super().to_python(value) or "").split())


def words(label: Any, most: int, autocomplete: str, required: bool = False, **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return Line(label=label, max_length=most, required=required, widget=widget, **options)


class EnquiryForm(forms.Form):
    activity = words(
        gettext_lazy("What do you want to do there?"),
        200,
        "off",
        required=True,
        help_text=gettext_lazy("For example: cold store for fruit, production of packaging."),
    )
    area_min = Amount(label=gettext_lazy("Area from"))
    area_max = Amount(label=gettext_lazy("Area to"))
    area_unit = unit(AREA_UNITS, gettext_lazy("Unit"))
    message = forms.CharField(
        label=gettext_lazy("Your message"),
        required=False,
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=gettext_lazy("Whatever else we should know, or what you would like to ask."),
    )
    phone = words(
        gettext_lazy("Telephone"), 40, "tel", help_text=gettext_lazy("With the country code, if not Bulgarian.")
    )
    contact_name = words(gettext_lazy("Your name"), 150, "name", required=True)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        help_text=gettext_lazy("Here goes your tracking number."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    company = words(gettext_lazy("Company"), 200, "organization")

    power = Amount(label=gettext_lazy("Electric power"))
    power_unit = unit(POWER_UNITS, gettext_lazy("Unit of power"))
    gas_nm3_h = Amount(label=gettext_lazy("Natural gas"))
    water = Amount(label=gettext_lazy("Water"))
    water_unit = unit(WaterUnit.choices, gettext_lazy("Unit of water"))
    waste_water = Amount(label=gettext_lazy("Waste water"))
    waste_water_unit = unit(WaterUnit.choices, gettext_lazy("Unit of waste water"))
    jobs = forms.IntegerField(
        label=gettext_lazy("Jobs"),
        required=False,
        min_value=0,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    wanted = forms.ChoiceField(
        label=gettext_lazy("When would you begin?"),
        required=False,
        choices=[("", gettext_lazy("not known yet")), *When.choices],
        widget=forms.Select(attrs={"autocomplete": "off"}),
    )

    consent = forms.BooleanField(
        label=gettext_lazy("I agree that these data are used to answer my enquiry."),
        error_messages={"required": gettext_lazy("Without your agreement we may not keep the enquiry.")},
    )
    # People do not see it; programs fill in whatever there is.
    website = forms.CharField(
        label=gettext_lazy("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_phone(self) -> str:
        said: str = self.cleaned_data["phone"].strip()
        if said and not PHONE.fullmatch(said):
            raise ValidationError(_("Write digits, such as +359 601 68 600."))
        return said

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("This field must stay empty. Delete what stands in it and send again."))
        return ""

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        low, high = told.get("area_min"), told.get("area_max")
        if low is not None and high is not None and low > high:
            self.add_error("area_max", _("“To” is smaller than “from”."))
        return told

    @property
    def told(self) -> dict[str, Any]:
        """What an enquiry keeps of a valid form."""
        said = self.cleaned_data
        m2 = Decimal(M2_PER_UNIT[said["area_unit"] or "m2"])
        kept = ("activity", "message", "phone", "contact_name", "email", "company", "gas_nm3_h", "jobs", "wanted")
        return {
            **{name: said[name] for name in kept},
            **{name: said[name] for name in ("water", "waste_water")},
            "area_min_m2": None if said["area_min"] is None else said["area_min"] * m2,
            "area_max_m2": None if said["area_max"] is None else said["area_max"] * m2,
            "power_kva": None if said["power"] is None else said["power"] * KVA_PER[said["power_unit"] or "kva"],
            "water_unit": said["water_unit"] or WaterUnit.LITRES,
            "waste_water_unit": said["waste_water_unit"] or WaterUnit.LITRES,
        }

    @property
    def needs_are_open(self) -> bool:
        """Folded only while there is nothing in it."""
        return any(self[name].value() or self[name].errors for name in NEEDS)


def initial_of(terms: Terms) -> dict[str, Any]:
    """The area that the search asked for."""
    ends = {"area_min": terms.area.low, "area_max": terms.area.high}
    return {
        "area_unit": terms.area_unit,
        **{name: plain(value) for name, value in ends.items() if value is not None},
    }
