"""Pages of an answer that stay parts of one whole while others publish.

The link to another page carries the moment of the last publication that the first page knew, signed, so that history
answers for the rest. Publications wait for one another and have rising moments (`registries.changes.apply.lock`): the
last moment seen names the state exactly.
"""

from __future__ import annotations

from datetime import datetime

from django.core import signing
from django.db.models import Max
from django.utils.translation import gettext as _

from layers.moment import View, When
from layers.wfs.caller import Caller
from layers.wfs.output.page import Page
from layers.wfs.requests import GetFeature
from registries.changes.models import ChangeSet
from registries.core.errors import BadInput

# How long the links of a first page hold: it lets also those look back who may not ask about the past.
LIFETIME_S = 3600
SIGNER = signing.TimestampSigner(salt="layers.wfs.paging")


def page_of(request: GetFeature, limit: int, matched: int, caller: Caller, view: View | None) -> Page:
    """How many there are and where the neighbours lie (OGC 09-025r2, 7.7.4.4); of hits, `next` is the first results."""
    start = request.start_index
    returned = 0 if request.hits else max(0, min(limit, matched - start))
    links: dict[str, dict[str, object]] = {}
    if request.hits and matched > start:
        links["next"] = {"resultType": "results"}
    if returned and start + returned < matched:
        links["next"] = {"startIndex": start + limit, "count": limit}
    if start and limit and not request.hits:
        links["previous"] = {"startIndex": max(0, start - limit), "count": min(limit, start)}
    if not links or not caller.links.pairs:
        return Page(matched, returned)
    is_today = view is None and not caller.is_edit and not request.as_of
    moment = {"as_of": token()} if is_today else {}
    return Page(matched, returned, **{name: caller.links.changed(**one, **moment) for name, one in links.items()})


def token() -> str:
    """The state that is being read, to be asked for again."""
    moment = last_publication()
    return SIGNER.sign(moment.isoformat()) if moment else ""


def view_of(text: str, caller: Caller) -> View | None:
    """The state that a link speaks of; None where it is still today's."""
    if caller.is_edit:
        raise BadInput(_("Here pages are always of today."), locator="as_of")
    try:
        moment = datetime.fromisoformat(SIGNER.unsign(text, max_age=LIFETIME_S))
    except (signing.BadSignature, ValueError):
        raise BadInput(
            _("This page is no longer kept."), locator="as_of", hint=_("Begin again with the first page.")
        ) from None
    return None if moment == last_publication() else When(moment, moment)


def last_publication() -> datetime | None:
    published = ChangeSet.objects.filter(state=ChangeSet.State.PUBLISHED)
    return published.aggregate(last=Max("published_at"))["last"]
