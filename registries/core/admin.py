"""The administration pages of people, code lists and the audit, and what all such pages share.

Registry tables are only read here: they change through the door alone. Who may come in is decided by `RoleGrant`, like
everything else; Django's own groups and permissions are not used.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from registries.core import audit, chain
from registries.core.models import Audience, AuditEntry, CodeValue, Role, RoleGrant, User
from registries.core.records import Record, registries
from registries.core.rights import rights_of

SHOWN_WKT = 400
SHOWN_DETAILS = 60
# What the pages of people show of them.
PERSONAL = "username, first_name, last_name, email, last_login"

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Administration")
admin.site.unregister(Group)


def administers(request: HttpRequest) -> bool:
    """Superusers, and administrators of the whole installation who are staff."""
    user = request.user
    if not (user.is_active and user.is_staff):
        return False
    return bool(user.is_superuser or Role.ADMINISTRATOR in rights_of(user).everywhere)


def reads(request: HttpRequest) -> bool:
    """Staff who see everything in every zone anyway."""
    user = request.user
    return administers(request) or bool(
        user.is_active and user.is_staff and rights_of(user).audience == Audience.INTERNAL
    )


def check_characters(text: str) -> None:
    """Names typed here stand in documents of XML, which cannot hold control characters; word processors paste some."""
    if any(unicodedata.category(character) == "Cc" and character not in "\t\r\n" for character in text):
        raise ValidationError(_("The text holds control characters. Type it anew instead of pasting it."))


class Guarded:
    """Pages for administrators; each change is noted in the audit as well."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        found = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if isinstance(found, forms.CharField):
            found.validators.append(check_characters)
        return found

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        note(request, "add", obj, message)
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        note(request, "change", obj, message)
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> Any:
        for obj in queryset:
            note(request, "delete", obj, [])
        return super().log_deletions(request, queryset)  # type: ignore[misc]


def note(request: HttpRequest, action: str, obj: Model, message: Any) -> None:
    """`message` is Django's list of what changed; it names fields, never values."""
    actor = request.user
    assert isinstance(actor, User)
    audit.record(actor, action, f"{obj._meta.label_lower}:{obj.pk}"[:120], changes=message)


def seen(request: HttpRequest, response: HttpResponseBase, subject: str, what: str) -> HttpResponseBase:
    """The page itself; if it shows people's data, that is noted before it goes out."""
    if what and response.status_code == 200:
        audit.saw(request.user, subject, what)
    return response


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list to look at. What it shows changes elsewhere, or never."""

    show_full_result_count = False
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return reads(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return reads(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RegistryAdmin(ReadOnlyAdmin):
    """A registry as published. Geometry is shown as text: Django's map widgets load scripts from other hosts."""

    # Columns that differ between registries stand first; every registry has these.
    own_columns: ClassVar[tuple[str, ...]] = ()

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return (*self.own_columns, "version", "begin_lifespan_version")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        response = super().change_view(request, object_id, *args, **kwargs)
        return seen(request, response, f"{self.model.registry()} {object_id}", ", ".join(self.model.personal))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer(*shapes(self.model))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        plain = [field.name for field in self.model._meta.concrete_fields if field.name not in shapes(self.model)]
        return [*plain, "shape"] if "geom" in shapes(self.model) else plain

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.get_fields(request, obj)

    @admin.display(description=_("geometry"))
    def shape(self, obj: Any) -> str:
        if obj.geom is None:
            return "–"
        wkt: str = obj.geom.wkt
        return f"SRID={obj.geom.srid}; {wkt[:SHOWN_WKT]}{'…' if len(wkt) > SHOWN_WKT else ''}"


def shapes(model: type[Model]) -> list[str]:
    """The geometry columns of `model`."""
    fields = {field.name: getattr(field, "output_field", field) for field in model._meta.concrete_fields}
    return [name for name, field in fields.items() if hasattr(field, "srid")]


def choices_of(path: str) -> Iterator[tuple[str, str]]:
    """Every row of the registry that others reach by `path`, as zones by `zone_path`; core need not know its name."""
    model: type[Record] = next(found for found in registries().values() if getattr(found, path) == "id")
    yield "", "—"
    for row in model._default_manager.order_by("pk").defer(*shapes(model)):
        yield str(row.pk), str(row)


class GrantForm(forms.ModelForm):
    zone_id = forms.TypedChoiceField(
        label=_("zone"), choices=lambda: choices_of("zone_path"), coerce=UUID, empty_value=None, required=False
    )
    network_id = forms.TypedChoiceField(
        label=_("network"), choices=lambda: choices_of("network_path"), coerce=UUID, empty_value=None, required=False
    )

    class Meta:
        model = RoleGrant
        fields = ["role", "zone_id", "network_id"]


class GrantInline(Guarded, admin.TabularInline):
    model = RoleGrant
    form = GrantForm
    extra = 0


@admin.register(User)
class PersonAdmin(Guarded, UserAdmin):
    """People. Nobody is deleted, because what they published stays theirs; they are made inactive instead."""

    inlines = (GrantInline,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("person"), {"fields": ("first_name", "last_name", "email")}),
        (_("access"), {"fields": ("is_active", "is_staff", "is_superuser", "last_login", "date_joined")}),
    )
    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_staff", "is_superuser")
    list_filter = ("is_active", "is_staff", "is_superuser", "grants__role")
    filter_horizontal = ()

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().changelist_view(request, *args, **kwargs)
        return seen(request, response, "core.user", PERSONAL)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        response = super().change_view(request, object_id, *args, **kwargs)
        return seen(request, response, f"core.user:{object_id}", PERSONAL)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        # A person is made first and given roles after.
        return self.inlines if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = ("last_login", "date_joined")
        return own if request.user.is_superuser else (*own, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only superusers touch superusers: whoever can set a password can become that person."""
        is_higher = obj is not None and obj.is_superuser and not request.user.is_superuser
        return administers(request) and not is_higher

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CodeValue)
class CodeValueAdmin(Guarded, admin.ModelAdmin):
    list_display = ("code_list", "value", "title_bg", "title_en", "cad_code", "position")
    list_display_links = ("value",)
    list_filter = ("code_list",)
    search_fields = ("value", "title_bg", "title_en")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What is stored in registries keeps its meaning: a code is renamed for people only."""
        return ("code_list", "value") if obj else ()


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did and saw what. Above the list stands whether the chain of entries is sound."""

    list_display = ("at", "actor", "action", "subject", "told_briefly")
    list_display_links = ("at",)
    list_filter = ("at", "action", "actor")
    list_select_related = ("actor",)
    search_fields = ("subject", "actor__username")
    search_help_text = _("On what, such as “change_set 12” or “land.plot”, or who")
    ordering = ("-pk",)
    fields = readonly_fields = ("at", "actor", "action", "subject", "told", "position")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return administers(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        context = {"verification": chain.last_verification(), "head": chain.head(), **(extra_context or {})}
        response = super().changelist_view(request, context)
        return seen(request, response, "core.auditentry", "actor")

    @admin.display(description=_("details"))
    def told(self, entry: AuditEntry) -> str:
        return "; ".join(f"{name}: {value}" for name, value in entry.details.items() if value not in ("", [], None))

    @admin.display(description=_("details"))
    def told_briefly(self, entry: AuditEntry) -> str:
        return Truncator(self.told(entry)).chars(SHOWN_DETAILS)

    @admin.display(description=_("position in the chain"))
    def position(self, entry: AuditEntry) -> str:
        return f"{entry.link.pk}:{bytes(entry.link.digest).hex()}" if hasattr(entry, "link") else str(_("none"))
