"""An error as a reason phrase of HTTP: QGIS shows its people nothing else of a refused POST or DELETE.

RFC 9112 (4) leaves room for ASCII only, so Bulgarian is spelled in Latin letters by the law on transliteration.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 240
LATIN = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъьюя",
        ["a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h",
         "ts", "ch", "sh", "sht", "a", "y", "yu", "ya"],
        strict=True,
    )
)  # fmt: skip
LATIN |= {letter.upper(): sounds.capitalize() for letter, sounds in LATIN.items()}
SIGNS = {"“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "...", "№": "No ", "²": "2", "³": "3", "·": "-"}
TABLE = str.maketrans(LATIN | SIGNS)


def phrase(text: str) -> str:
    """`text` in one line of ASCII that any server and client lets through."""
    plain = unicodedata.normalize("NFKD", text.translate(TABLE)).encode("ascii", "ignore").decode()
    line = re.sub(r"[^\x20-\x7e]+", " ", plain).strip()
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 3].rstrip()}..."
