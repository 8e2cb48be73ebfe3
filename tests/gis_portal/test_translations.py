"""No text of the portal is left untranslated, not even by a blank."""

from babel.messages.pofile import read_po
from django.conf import settings


def test_every_text_has_bulgarian_words():
    source = settings.LOCALE_PATHS[0] / "bg" / "LC_MESSAGES" / "django.po"
    with source.open("rb") as file:
        messages = [one for one in read_po(file, locale="bg") if one.id]
    blank = [one.id for one in messages if one.fuzzy or not all(text.strip() for text in _forms(one.string))]
    assert messages
    assert not blank


def _forms(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else string
