"""What search engines are told of a plot, in the words of schema.org.

A `RealEstateListing`, which is a web page that offers real estate, about a `Place`: schema.org has no class for land,
and a plot is no `Product`, which would be sold by the piece. The terms are its `Offer`.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString

from gis_portal.pages.plots.sheets import Sheet
from registries.land.models import OfferedRight

DEGREES = 4326
SELLS, LEASES = "http://purl.org/goodrelations/v1#Sell", "http://purl.org/goodrelations/v1#LeaseOut"
# UN/CEFACT: square metre, year.
SQUARE_METRE, YEAR = "MTK", "ANN"
# A script ends at the first thing that looks like its end.
SAFE = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}


def script(sheet: Sheet, address: str, picture: str, description: str, language: str) -> SafeString:
    """The JSON within `<script type="application/ld+json">`."""
    text = json.dumps(listing(sheet, address, picture, description, language), ensure_ascii=False)
    return SafeString(text.translate(SAFE))


def listing(sheet: Sheet, address: str, picture: str, description: str, language: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "RealEstateListing",
        "@id": address,
        "url": address,
        "name": f"{sheet.title}, {sheet.zone_name}",
        "description": description,
        "inLanguage": language,
        "image": picture,
        "dateModified": sheet.plot.begin_lifespan_version.isoformat(),
        "mainEntity": place(sheet, address),
    }
    if sheet.offer and sheet.offer.price:
        told["offers"] = offer(sheet, address)
    return told


def place(sheet: Sheet, address: str) -> dict[str, Any]:
    centre: Any = sheet.plot.geom.point_on_surface
    longitude, latitude = centre.transform(DEGREES, clone=True).coords
    numbers = [fact.text for part in sheet.parts if part.key == "land" for fact in part.facts if fact.key == "parcel"]
    return {
        "@type": "Place",
        "@id": f"{address}#place",
        "name": sheet.title,
        "identifier": [sheet.plot.code, *numbers],
        "geo": {"@type": "GeoCoordinates", "latitude": round(latitude, 6), "longitude": round(longitude, 6)},
        "address": {"@type": "PostalAddress", "addressCountry": "BG", "addressLocality": sheet.zone.municipality},
        "containedInPlace": {"@type": "Place", "name": sheet.zone_name},
        "additionalProperty": [
            {"@type": "PropertyValue", "name": "area", "value": round(sheet.area_m2, 1), "unitCode": SQUARE_METRE}
        ],
    }


def offer(sheet: Sheet, address: str) -> dict[str, Any]:
    shown = sheet.offer
    assert shown is not None
    assert shown.price is not None
    facts = {fact.key: fact for fact in shown.facts}
    first, last = facts["open"].value if "open" in facts else (None, None)
    price = shown.price
    yearly = {"referenceQuantity": {"@type": "QuantitativeValue", "value": 1, "unitCode": YEAR}}
    told = {
        "@type": "Offer",
        "price": f"{price.total:.2f}",
        "priceCurrency": price.currency,
        "businessFunction": SELLS if shown.right == OfferedRight.SALE else LEASES,
        "availability": f"https://schema.org/{'InStock' if shown.is_open else 'LimitedAvailability'}",
        "validFrom": first,
        "validThrough": last,
        "itemOffered": {"@id": f"{address}#place"},
        "seller": {"@type": "Organization", "name": sheet.zone.owner} if sheet.zone.owner else None,
        "priceSpecification": {
            "@type": "UnitPriceSpecification",
            "price": f"{price.total:.2f}",
            "priceCurrency": price.currency,
            **(yearly if price.period else {}),
        },
    }
    return {name: value for name, value in told.items() if value}
