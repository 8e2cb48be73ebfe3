"""The language of an answer: INSPIRE's parameter LANGUAGE (Technical Guidance for Download Services, 5.3)."""

from __future__ import annotations

from collections.abc import Iterable

# By the codes of ISO 639-2/B, which INSPIRE wants, in the order in which they are declared: the first is the default.
LANGUAGES = {"bul": "bg", "eng": "en"}


def language_of(pairs: Iterable[tuple[str, object]]) -> str:
    """The language asked for; empty if none is, or one that is not served: then the default holds."""
    asked = next((str(value).strip().lower() for name, value in pairs if name.lower() == "language"), "")
    return LANGUAGES.get(asked, asked if asked in LANGUAGES.values() else "")
