"""The items of a change set as a reviewer steps through them: a page of lines, and one item whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gis_portal.pages import stored
from gis_portal.pages.desk import sides
from gis_portal.pages.stored import Line, Names
from registries.changes.diff import Delta
from registries.changes.models import ChangeItem, ChangeSet, Comment
from registries.core.errors import NotFound
from registries.core.overlay import draft
from registries.land.models import PlotFile

PER_PAGE = 50
# More columns than that say no more in a line of the table.
SHOWN_COLUMNS = 4


@dataclass(frozen=True)
class ItemLine:
    """One item in the table: what it is about and, in a few words, what becomes of it."""

    id: int
    action: str
    action_label: str
    registry: str
    title: str
    summary: str
    comments: int


@dataclass(frozen=True)
class Detail:
    """One item whole, with the way to its neighbours."""

    line: ItemLine
    # The address of the published versions; nothing where there is none yet.
    history: str
    changed: list[Line]
    same: list[Line]
    shapes: list[sides.Shape]
    has_shape: bool
    comments: list[Comment]
    position: int
    count: int
    previous: int | None
    next: int | None
    # Where the bytes of a plot's file are, below the change set; empty for anything else.
    file: str = ""


@dataclass
class Contents:
    """The items that the address asks for: all, or those of one action or registry."""

    change_set: ChangeSet
    action: str = ""
    registry: str = ""
    _titles: dict[int, str] = field(default_factory=dict)

    @classmethod
    def asked(cls, change_set: ChangeSet, query: Mapping[str, str]) -> Contents:
        """What makes no sense in the address asks for everything."""
        action = query.get("action", "")
        registry = query.get("registry", "")
        return cls(change_set, action if action in ChangeItem.Action.values else "", registry)

    @property
    def query(self) -> str:
        """The part of the address that keeps the choice."""
        return urlencode({name: value for name, value in self.chosen.items() if value})

    @property
    def chosen(self) -> dict[str, str]:
        return {"action": self.action, "registry": self.registry}

    @cached_property
    def items(self) -> QuerySet[ChangeItem]:
        chosen = {name: value for name, value in self.chosen.items() if value}
        return self.change_set.items.filter(**chosen)

    @cached_property
    def counts(self) -> Counter[tuple[str, str]]:
        """How many items there are of each registry and action, whatever is chosen."""
        grouped = self.change_set.items.order_by().values_list("registry", "action").annotate(number=Count("pk"))
        return Counter({(registry, action): number for registry, action, number in grouped})

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def by_action(self) -> list[tuple[str, str, int]]:
        labels = ChangeItem.Action
        counted = [
            (one.value, str(one.label), sum(n for (_r, a), n in self.counts.items() if a == one)) for one in labels
        ]
        return [one for one in counted if one[2]]

    @property
    def by_registry(self) -> list[tuple[str, str, int]]:
        registries = sorted({registry for registry, _action in self.counts})
        counted = [(key, sum(n for (r, _a), n in self.counts.items() if r == key)) for key in registries]
        return [(key, stored.registry_title(key), number) for key, number in counted]

    def page(self, number: str | None, item: int | None) -> Page:
        """The page asked for, or else that of the item."""
        pages = Paginator(self.items.only("change_set", "registry", "object_id", "action"), PER_PAGE)
        if not number and item is not None:
            number = str((self.items.filter(pk__lt=item).count()) // PER_PAGE + 1)
        page = pages.get_page(number)
        page.object_list = self.lines(list(page.object_list))  # type: ignore[assignment]  # the page goes to a template
        return page

    def lines(self, items: list[ChangeItem]) -> list[ItemLine]:
        found, known = self._sides(items)
        grouped = Comment.objects.filter(item__in=items).order_by().values_list("item").annotate(number=Count("pk"))
        said = dict(grouped)
        return [_line(item, found.get(item.pk), known, said.get(item.pk, 0)) for item in items]

    def first(self) -> int | None:
        return self.items.values_list("pk", flat=True).first()

    def detail(self, number: int) -> Detail:
        """Raises NotFound for an item that is not (or no longer) of this set."""
        item = self.change_set.items.filter(pk=number).first()
        if item is None:
            raise NotFound(
                _("This change is no longer part of the change set."), locator="item", hint=_("Choose another one.")
            )
        found, known = self._sides([item])
        delta = found.get(item.pk)
        lines = stored.lines(item.registry, delta.old, delta.new, known) if delta else []
        comments = list(item.comments.select_related("author"))
        return Detail(
            line=_line(item, delta, known, len(comments)),
            history=self._history(item),
            changed=[line for line in lines if line.differs],
            same=[line for line in lines if not line.differs],
            shapes=sides.shapes(delta) if delta else [],
            has_shape=bool(delta and delta.geom_changed),
            comments=comments,
            position=self.items.filter(pk__lte=number).count(),
            count=self.items.count(),
            previous=self.items.filter(pk__lt=number).values_list("pk", flat=True).last(),
            next=self.items.filter(pk__gt=number).values_list("pk", flat=True).first(),
            file=f"plot-files/{item.pk}/" if item.registry == PlotFile.registry() and delta and delta.new else "",
        )

    def _history(self, item: ChangeItem) -> str:
        if item.action == ChangeItem.Action.CREATE and self.change_set.state != ChangeSet.State.PUBLISHED:
            return ""
        return reverse("history-page", args=[item.registry, item.object_id])

    def _sides(self, items: Collection[ChangeItem]) -> tuple[dict[int, Delta], Names]:
        """The sides of `items`, and the names they need: of a draft those that it gives."""
        found = sides.deltas(self.change_set, [item.pk for item in items])
        rows = [(one.registry, row) for one in found.values() for row in (one.old, one.new)]
        if self.change_set.state == ChangeSet.State.PUBLISHED:
            return found, stored.names(rows)
        with draft(self.change_set.pk):
            return found, stored.names(rows)


def _line(item: ChangeItem, delta: Delta | None, known: Names, comments: int) -> ItemLine:
    row = (delta.new or delta.old) if delta else None
    return ItemLine(
        id=item.pk,
        action=item.action,
        action_label=str(item.get_action_display()),
        registry=stored.registry_title(item.registry),
        title=stored.title(item.registry, row, known) if row else _("object that is gone"),
        summary=_summary(item, delta, known) if delta else "",
        comments=comments,
    )


def _summary(item: ChangeItem, delta: Delta, known: Names) -> str:
    """Which columns of a changed object change."""
    if item.action != ChangeItem.Action.UPDATE:
        return ""
    lines = stored.lines(item.registry, delta.old, delta.new, known)
    names = [line.label for line in lines if line.differs]
    if delta.geom_changed:
        names.insert(0, _("Shape"))
    more = [_("and %(count)d more") % {"count": len(names) - SHOWN_COLUMNS}] if len(names) > SHOWN_COLUMNS else []
    return ", ".join(names[:SHOWN_COLUMNS] + more) or _("changes nothing")
