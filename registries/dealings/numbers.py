"""Tracking numbers: 4×4 letters and digits that nobody guesses and that people can read out over the telephone.

Crockford's base 32 leaves out letters that are taken for digits. Fourteen symbols are random (70 bits); two check them
(the value modulo 1021, a prime, so that one wrong symbol or two exchanged ones always show).
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM, CHECKS = 14, 2
LENGTH = RANDOM + CHECKS
PRIME = 1021
BASE = len(ALPHABET)
FORM = re.compile(f"[{ALPHABET}]{{{LENGTH}}}", re.ASCII)
# What people take for one another, and what they put between the groups.
READ_AS = str.maketrans("OILU", "011V")
BETWEEN = re.compile(r"[\s\-–—_.]+")


def fresh() -> str:
    """A number that nobody has."""
    value = secrets.randbelow(BASE**RANDOM)
    return _written(value, RANDOM) + _written(value % PRIME, CHECKS)


def read(text: str) -> str | None:
    """The number that somebody typed, however they grouped it; None where it cannot be one: mistyped or made up."""
    number = BETWEEN.sub("", text[:64]).upper().translate(READ_AS)
    if not FORM.fullmatch(number):
        return None
    return number if _value(number[:RANDOM]) % PRIME == _value(number[RANDOM:]) else None


def shown(number: str) -> str:
    """In groups of four."""
    return "-".join(number[place : place + 4] for place in range(0, LENGTH, 4))


def _written(value: int, places: int) -> str:
    return "".join(ALPHABET[value // BASE**place % BASE] for place in reversed(range(places)))


def _value(symbols: str) -> int:
    value = 0
    for symbol in symbols:
        value = value * BASE + ALPHABET.index(symbol)
    return value
