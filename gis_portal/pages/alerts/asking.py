"""Saved searches from the wish to the end: asked for, confirmed by a letter's link, ended by another, forgotten.

Whoever asks is told the same whether or not the address is known here; only its mailbox tells more.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gis_portal.pages.alerts import news
from layers.plots.terms import Terms
from registries.notices import post
from registries.notices.models import Letter, SavedSearch

CONFIRM, KNOWN = "alert_confirm", "alert_known"
GOOD_FOR = timedelta(days=7)
# An ended search is still answered for, when somebody opens a letter's link once more.
KEPT = timedelta(days=30)
# Whoever types in another's address again and again shall not fill that mailbox.
LETTERS_A_DAY = 3
DAY = timedelta(days=1)


def canonical(terms: Terms) -> str:
    """What is looked for, not how it was shown."""
    return terms.query(sort="", page=1)


def terms_of(search: SavedSearch) -> Terms:
    """Raises BadInput when what was looked for is known no more, such as a zone that was removed."""
    return Terms.read(QueryDict(search.terms))


def ask(email: str, terms: Terms, *, pace: str, language: str, origin: str) -> None:
    """Write to `email` what to do; nothing when that mailbox has got enough letters today."""
    if _letters_today(email) >= LETTERS_A_DAY:
        return
    try:
        with transaction.atomic():
            _ask(email, canonical(terms), pace=pace, language=language, origin=origin)
    except IntegrityError:
        # The same was asked at the same moment, and that one's letter is on its way.
        return


def _letters_today(email: str) -> int:
    about = Letter.objects.filter(kind__in=[CONFIRM, KNOWN], written_at__gt=timezone.now() - DAY)
    return about.filter(recipient__iexact=email).count()


def _ask(email: str, terms: str, **how: str) -> None:
    live = SavedSearch.objects.filter(recipient__iexact=email, terms=terms, ended_at=None)
    if (known := live.exclude(confirmed_at=None).first()) is not None:
        write(KNOWN, known)
        return
    # The link of an earlier letter that was never followed gives way to the new one's.
    live.delete()
    write(CONFIRM, SavedSearch.objects.create(recipient=email, terms=terms, secret=secrets.token_urlsafe(32), **how))


def write(kind: str, search: SavedSearch, **more: object) -> Letter:
    """A letter about `search`, with the header by which mail programs end it (RFC 2369, RFC 8058)."""
    end = link(search, "alert-end")
    context = {
        "search": search,
        "words": words(search),
        "matches": f"{search.origin}{reverse('plots')}?{_query(search)}",
        "confirm": link(search, "alert-confirm"),
        "end": end,
        "days": GOOD_FOR.days,
        **more,
    }
    headers = {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return post.write(kind, search.recipient, search.language, context, about=search.about, headers=headers)


def words(search: SavedSearch, language: str = "") -> list[str]:
    """What is looked for, in the search's language unless told another. What somebody typed does not travel to a
    mailbox whose owner has not said yes: it could be anything.
    """
    terms = terms_of(search)
    with translation.override(language or search.language):
        if search.confirmed_at is None and terms.q:
            return [*terms.without("q").words(), _("and the words that were typed in")]
        return terms.words()


def link(search: SavedSearch, name: str) -> str:
    return f"{search.origin}{reverse(name, args=[search.secret])}?lang={search.language}"


def _query(search: SavedSearch) -> str:
    return "&".join(filter(None, [search.terms, f"lang={search.language}"]))


def find(secret: str) -> SavedSearch | None:
    return SavedSearch.objects.filter(secret=secret).first()


def is_confirmable(search: SavedSearch) -> bool:
    return search.ended_at is None and (
        search.confirmed_at is not None or search.created_at > timezone.now() - GOOD_FOR
    )


@transaction.atomic
def confirm(search: SavedSearch) -> None:
    """From now on; what matches already is known to whoever searched."""
    search = SavedSearch.objects.select_for_update().get(pk=search.pk)
    if search.confirmed_at is None:
        search.confirmed_at = search.looked_at = timezone.now()
        search.known = news.state(terms_of(search))
        search.save(update_fields=["confirmed_at", "looked_at", "known"])


def end(search: SavedSearch) -> None:
    SavedSearch.objects.filter(pk=search.pk, ended_at=None).update(ended_at=timezone.now(), known={})


def forget() -> None:
    """Addresses stay no longer than they are needed, and neither do the letters to them."""
    now = timezone.now()
    over = SavedSearch.objects.filter(Q(confirmed_at=None, created_at__lt=now - GOOD_FOR) | Q(ended_at__lt=now - KEPT))
    for search in over:
        Letter.objects.filter(about=search.about).delete()
    over.delete()
    Letter.objects.filter(about__startswith=f"{SavedSearch._meta.label_lower}:", written_at__lt=now - KEPT).delete()
