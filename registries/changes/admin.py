"""Change sets to look at. They are decided on at the review desk, never here."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from registries.changes.models import ChangeItem, ChangeSet
from registries.core.admin import ReadOnlyAdmin, RegistryAdmin


@admin.register(ChangeSet)
class ChangeSetAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "state", "author", "source", "created_at", "approved_by", "published_at")
    list_filter = ("state", "source")
    list_select_related = ("author", "approved_by")
    search_fields = ("title", "reason")
    date_hierarchy = "created_at"
    readonly_fields = ("all_items",)

    @admin.display(description=_("proposed changes"))
    def all_items(self, change_set: ChangeSet) -> str:
        """A link: a change set may have tens of thousands of items."""
        address = reverse("admin:changes_changeitem_changelist")
        return format_html(
            '<a href="{}?change_set__id__exact={}">{}</a>', address, change_set.pk, change_set.items.count()
        )


@admin.register(ChangeItem)
class ChangeItemAdmin(ReadOnlyAdmin):
    list_display = ("object_id", "registry", "action", "base_version", "change_set")
    list_filter = ("action", "registry")
    list_select_related = ("change_set",)
    readonly_fields = ("shape",)
    exclude = ("geom", "geom_3857")
    shape = RegistryAdmin.shape
