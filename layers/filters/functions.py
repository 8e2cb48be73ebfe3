"""The functions that filters may call: one table for the compiler, for the capabilities of FES (OGC 09-026r2, 7.14.3)
and for the `functions` resource of OGC API – Features (OGC 21-065r2, 7.10; OGC 19-079r2, 8.4).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from layers.layer import Titled

ArgumentType = Literal["text", "number", "date", "geometry"]


@dataclass(frozen=True, kw_only=True)
class Argument(Titled):
    """`date` is a date or a date and time."""

    name: str
    type: ArgumentType


@dataclass(frozen=True, kw_only=True)
class Function(Titled):
    """`template` is SQL over the arguments in order; a variadic function joins all of them by commas in its first place
    and takes any number of arguments from one on.
    """

    name: str
    arguments: tuple[Argument, ...]
    returns: Literal["text", "integer", "real", "numeric", "datetime"]
    template: str
    variadic: bool = False


# Letters with a mark that are letters of their own in Bulgarian and its neighbours' alphabets.
OWN_LETTERS = frozenset("йЙёЁїЇўЎґҐѓЃќЌ")
LATIN_GREEK_CYRILLIC = (*range(0xC0, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000))


def _bare(letter: str) -> str:
    """The letter without its marks, or itself if nothing single is left."""
    bare = "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))
    return letter if letter in OWN_LETTERS or len(bare) != 1 else bare


PLAIN = {
    chr(code): _bare(chr(code)) for code in LATIN_GREEK_CYRILLIC if _bare(chr(code)) != chr(code)
}  # the database's `unaccent` would need an extension that an installation may not have
_FROM, _TO = "".join(PLAIN), "".join(PLAIN.values())


def without_accents(text: str) -> str:
    """What `accenti` makes of a text, for patterns, which are known before the database is asked."""
    return text.translate(str.maketrans(_FROM, _TO))


TEXT = Argument(name="text", type="text", title_bg="текст", title_en="text")
NUMBER = Argument(name="number", type="number", title_bg="число", title_en="number")
DATE = Argument(name="date", type="date", title_bg="дата", title_en="date")
GEOMETRY = Argument(name="geometry", type="geometry", title_bg="геометрия", title_en="geometry")


def _function(
    name: str,
    argument: Argument | None,
    returns: str,
    template: str,
    title_bg: str,
    title_en: str,
    variadic: bool = False,
) -> Function:
    return Function(
        name=name,
        arguments=(argument,) if argument else (),
        returns=returns,  # type: ignore[arg-type]  # one of the literals, all written below
        template=template,
        title_bg=title_bg,
        title_en=title_en,
        variadic=variadic,
    )


FUNCTIONS = {
    one.name: one
    for one in (
        _function("lower", TEXT, "text", "lower({})", "С малки букви", "In lower case"),
        _function("upper", TEXT, "text", "upper({})", "С главни букви", "In upper case"),
        _function("casei", TEXT, "text", "lower({})", "Без разлика на регистъра", "Without regard to case"),
        _function(
            "accenti",
            TEXT,
            "text",
            f"translate({{}}, '{_FROM}', '{_TO}')",
            "Без разлика на ударенията",
            "Without regard to accents",
        ),
        _function("strlength", TEXT, "integer", "length({})", "Брой на знаците", "Number of characters"),
        _function("trim", TEXT, "text", "btrim({})", "Без интервали в края", "Without blanks at the ends"),
        _function("concat", TEXT, "text", "concat({})", "Слети текстове", "Texts joined", variadic=True),
        _function("abs", NUMBER, "numeric", "abs({})", "Абсолютна стойност", "Absolute value"),
        _function("ceil", NUMBER, "numeric", "ceil({})", "Закръглено нагоре", "Rounded up"),
        _function("floor", NUMBER, "numeric", "floor({})", "Закръглено надолу", "Rounded down"),
        _function("round", NUMBER, "numeric", "round({})", "Закръглено", "Rounded"),
        _function("min", NUMBER, "numeric", "least({})", "Най-малкото", "The smallest", variadic=True),
        _function("max", NUMBER, "numeric", "greatest({})", "Най-голямото", "The largest", variadic=True),
        _function("area", GEOMETRY, "real", "ST_Area({})", "Площ в квадратни метри", "Area in square metres"),
        _function("length", GEOMETRY, "real", "ST_Length({})", "Дължина в метри", "Length in metres"),
        _function("year", DATE, "integer", "extract(year FROM {})", "Година", "Year"),
        _function("month", DATE, "integer", "extract(month FROM {})", "Месец", "Month"),
        _function("day", DATE, "integer", "extract(day FROM {})", "Ден от месеца", "Day of the month"),
        _function("now", None, "datetime", "statement_timestamp()", "Сега", "Now"),
    )
}
