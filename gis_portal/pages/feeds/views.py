"""Offers as feeds: Atom (RFC 4287) and JSON Feed 1.1, with the terms of a search in the address, for readers and sites.

Everybody is told what the public may see, so that an answer is the same for all and can be asked for conditionally.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import http_date
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from gis_portal.pages.feeds.entries import Listing, clean, listing
from layers.plots.terms import Terms

JSON_FEED = "https://jsonfeed.org/version/1.1"


def title(told: Listing) -> str:
    name = _("%(site)s: offers of plots") % {"site": settings.SITE_NAME}
    return clean(" – ".join(filter(None, [name, ", ".join(told.words)])))


@require_safe
@gzip_page
def atom(request: HttpRequest) -> HttpResponseBase:
    return _answer(request, _atom, Atom1Feed.content_type)


@require_safe
@gzip_page
def json_feed(request: HttpRequest) -> HttpResponseBase:
    return _answer(request, _json, "application/feed+json; charset=utf-8")


def _answer(request: HttpRequest, form: Callable[[HttpRequest, Listing], str], media_type: str) -> HttpResponseBase:
    told = listing(request, Terms.read(request.GET))
    body = form(request, told).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # Offers end with the day, without a publication.
    today = datetime.combine(localdate(), time.min, get_default_timezone())
    modified = int(max(told.updated, today).timestamp())
    response = HttpResponse(body, content_type=media_type, headers={"Cache-Control": "public, no-cache"})
    response["ETag"], response["Last-Modified"] = etag, http_date(modified)
    # Whoever shows offers on a page of their own may read them from there.
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept-Language"])
    return get_conditional_response(request, etag, modified, response) or response


class _Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """Of an empty feed it would be the moment of asking."""
        updated: datetime = self.feed["updated"]
        return updated


def _atom(request: HttpRequest, told: Listing) -> str:
    feed = _Feed(
        title=title(told),
        link=told.link,
        description=None,
        language=told.language,
        author_name=clean(settings.PUBLISHER_NAME),
        author_email=settings.PUBLISHER_EMAIL or None,
        feed_url=request.build_absolute_uri(),
        feed_guid=told.id,
        updated=told.updated,
    )
    for one in told.entries:
        feed.add_item(
            title=one.title,
            link=one.link,
            # Atom's summary is HTML here.
            description=escape(one.text),
            unique_id=one.id,
            pubdate=one.published,
            updateddate=one.updated,
            categories=[one.facts["right"], one.facts["status"]],
        )
    return feed.writeString("utf-8")


def _json(request: HttpRequest, told: Listing) -> str:
    content = {
        "version": JSON_FEED,
        "title": title(told),
        "home_page_url": told.link,
        "feed_url": request.build_absolute_uri(),
        "language": told.language,
        "authors": [{"name": clean(settings.PUBLISHER_NAME)}],
        "items": [
            {
                "id": one.id,
                "url": one.link,
                "title": one.title,
                "content_text": one.text,
                "date_published": one.published.isoformat(),
                "date_modified": one.updated.isoformat(),
                "tags": [one.facts["right"], one.facts["status"]],
                "_offer": one.facts,
            }
            for one in told.entries
        ],
    }
    return json.dumps(content, ensure_ascii=False)
