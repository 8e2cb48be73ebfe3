"""The asset catalogue for staff to edit, and networks as published, to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from registries.core.admin import Guarded, RegistryAdmin
from registries.core.models import CodeValue
from registries.networks.models import AssetAttribute, AssetType, Link, Network, Node
from registries.networks.stored import misfits

# QGIS guesses the type of a WFS field by these letters anywhere in its description.
QGIS_TRAP = re.compile("int|long|double")
COMMON = {field.name for model in (Node, Link) for field in model._meta.get_fields()}


def check_key(key: str) -> str:
    found = QGIS_TRAP.search(key)
    if found:
        raise ValidationError(_("QGIS misreads names that hold “%(letters)s”. Choose another.") % {"letters": found[0]})
    return key


def code_lists() -> Iterator[tuple[str, str]]:
    yield "", "—"
    for name in CodeValue.objects.order_by("code_list").values_list("code_list", flat=True).distinct():
        yield name, name


class AttributeForm(forms.ModelForm):
    """Keeps stored values and their description in step: published layers cast one by the other."""

    code_list = forms.ChoiceField(label=AssetAttribute._meta.get_field("code_list").verbose_name, required=False)

    class Meta:
        model = AssetAttribute
        fields = ["key", "title_bg", "title_en", "type", "unit", "code_list", "required", "audience", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code_list"].choices = code_lists  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["key"].disabled = True

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if self.instance.pk:
            return key
        if key in COMMON:
            raise ValidationError(_("Every asset has a column of this name already."))
        return check_key(key)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        key, kind = cleaned.get("key"), cleaned.get("type")
        if key and kind and (not self.instance.pk or "type" in self.changed_data):
            wrong = misfits(self.instance.asset_type_id, key, kind)
            if wrong:
                shown = ", ".join(repr(value)[:40] for value in wrong[:5])
                self.add_error("type", _("Stored values are of another type: %(values)s.") % {"values": shown})
        return cleaned


class AttributeInline(Guarded, admin.TabularInline):
    model = AssetAttribute
    form = AttributeForm
    extra = 0


class AssetTypeForm(forms.ModelForm):
    class Meta:
        model = AssetType
        fields = [
            "key",
            "theme",
            "geometry_kind",
            "title_bg",
            "title_en",
            "symbol",
            "inspire_class",
            "inspire_code",
            "cad_code",
            "audience",
            "position",
        ]

    def clean_key(self) -> str:
        return check_key(self.cleaned_data["key"])


@admin.register(AssetType)
class AssetTypeAdmin(Guarded, admin.ModelAdmin):
    form = AssetTypeForm
    fields = tuple(AssetTypeForm.Meta.fields)
    inlines = (AttributeInline,)
    list_display = ("key", "title_bg", "title_en", "theme", "geometry_kind", "symbol", "audience")
    list_filter = ("theme", "geometry_kind", "audience")
    search_fields = ("key", "title_bg", "title_en")
    list_per_page = 200

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What assets, addresses and styles refer to stays."""
        return ("key", "theme", "geometry_kind") if obj else ()


@admin.register(Network)
class NetworkAdmin(RegistryAdmin):
    own_columns = ("name", "theme", "zone", "operator", "visibility")
    list_filter = ("theme", "visibility")
    list_select_related = ("zone",)
    search_fields = ("name", "name_en", "operator")


class AssetAdmin(RegistryAdmin):
    own_columns = ("__str__", "asset_type", "network", "status", "role")
    list_filter = ("network", "status")
    list_select_related = ("asset_type", "network")
    search_fields = ("label",)


@admin.register(Node)
class NodeAdmin(AssetAdmin):
    pass


@admin.register(Link)
class LinkAdmin(AssetAdmin):
    pass
