"""Bracketed groups of a CQL2 text, each cut out of the one around it, where a name stands for it.

Each can then be parsed by itself: time and stack of the parser depend no more on how deeply groups are nested.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext as _

from layers.filters.nodes import DEEPEST
from registries.core.errors import BadInput

# No text of people holds it; it begins the name that stands for a group.
MARK = "\x01"
CHAIN_MOST = 2 * DEEPEST
# In one group. The parser's stack holds a few hundred bytes for each: 3,000 want more than one megabyte, less than two.
JOINS_MOST = 3_000
TOKEN = re.compile(
    r"""(?P<text>'(?:[^']|'')*')|(?P<quoted>"(?:[^"]|"")*")|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"""
    r"""|(?P<word>[^\W\d][\w.:]*)|(?P<open>\()|(?P<close>\))|(?P<comma>,)|(?P<operator>[-+*/%^=<>!]+)"""
    r"""|(?P<blank>\s+)|(?P<other>.)""",
    re.DOTALL,
)
# A bracket behind one of these words opens a group, behind IN a list, behind any other word arguments.
JOINING, OPERATORS = frozenset({"and", "or"}), frozenset({"not", "like", "between", "div", "is", "in"})
GEOMETRIES = re.compile(r"(?:multi)?(?:point|linestring|polygon)|geometrycollection|z|m|zm", re.IGNORECASE)
Kind = Literal["group", "list", "arguments", "geometry"]


# The parser tries these twice, too. A collection of areas is the deepest of geometries; no list holds another.
ALIKE_MOST: dict[Kind, int] = {"geometry": 4, "list": 1}


@dataclass
class Group:
    """The text of one group; `origin` has the place of each of its characters in the whole text."""

    name: str = ""
    parts: list[str] = field(default_factory=list)
    origin: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def add(self, text: str, place: int) -> None:
        self.parts.append(text)
        self.origin.extend(range(place, place + len(text)))

    def add_name(self, name: str, place: int) -> None:
        """The name of an inner group, where that one began."""
        self.parts.append(f'"{name}"')
        self.origin.extend([place] * (len(name) + 2))

    def place(self, index: int) -> int:
        return self.origin[index] if index < len(self.origin) else self.origin[-1] + 1 if self.origin else 0


@dataclass
class Frame:
    """An open bracket; `chain` counts operators since the last AND, OR or comma: each may be a level of the tree."""

    kind: Kind
    group: Group
    start: int = 0
    chain: int = 0
    joins: int = 0


def split(text: str) -> list[Group]:
    """The groups, inner ones before those around them; the last is the whole. BadInput for what can be no CQL2."""
    if MARK in text:
        raise BadInput(_("The filter holds a control character."), locator="filter")
    done: list[Group] = []
    stack = [Frame("group", Group())]
    before = ("", "")
    for token in TOKEN.finditer(text):
        kind, word, place = str(token.lastgroup), token.group().lower(), token.start()
        if kind == "open":
            opened(stack, before, place)
        elif kind == "close":
            closed(stack, done, place)
        else:
            stack[-1].group.add(token.group(), place)
            measured(stack, kind, word, place)
        if kind != "blank":
            before = (kind, word)
    if len(stack) > 1:
        raise unbalanced(stack[-1].start)
    return [*done, stack[0].group]


def opened(stack: list[Frame], before: tuple[str, str], place: int) -> None:
    if len(stack) >= DEEPEST:
        raise too_deep()
    kind = kind_of(stack[-1].kind, *before)
    around = [frame.kind for frame in stack if frame.group is stack[-1].group]
    if around.count(kind) >= ALIKE_MOST.get(kind, DEEPEST):
        raise too_deep()
    if kind == "group":
        stack.append(Frame(kind, Group(), place))
    else:
        stack[-1].group.add("(", place)
        stack.append(Frame(kind, stack[-1].group, place))


def kind_of(around: Kind, before: str, word: str) -> Kind:
    """What a bracket is, by what it stands in and behind."""
    if around == "geometry" or (before == "word" and GEOMETRIES.fullmatch(word)):
        return "geometry"
    if before == "word" and word == "in":
        return "list"
    if before == "quoted" or (before == "word" and word not in JOINING | OPERATORS):
        return "arguments"
    return "group"


def closed(stack: list[Frame], done: list[Group], place: int) -> None:
    if len(stack) == 1:
        raise unbalanced(place)
    frame = stack.pop()
    if frame.kind != "group":
        frame.group.add(")", place)
        return
    frame.group.name = f"{MARK}{len(done)}"
    if not frame.group.parts:
        frame.group.add(" ", frame.start)
    done.append(frame.group)
    stack[-1].group.add_name(frame.group.name, frame.start)


def measured(stack: list[Frame], kind: str, word: str, place: int) -> None:
    frame = stack[-1]
    if kind == "other" and word in "'\"":
        raise unbalanced(place)
    if kind == "comma" and frame.kind == "group" and len(stack) > 1:
        raise BadInput(
            _("An array at character %(place)d: no property is one.") % {"place": frame.start + 1}, locator="filter"
        )
    if kind == "comma" or (kind == "word" and word in JOINING):
        frame.chain, frame.joins = 0, frame.joins + (kind == "word")
        if frame.joins > JOINS_MOST:
            raise BadInput(
                _("The filter joins more than %(most)d conditions.") % {"most": JOINS_MOST}, locator="filter"
            )
    elif kind == "operator" or (kind == "word" and word in OPERATORS):
        frame.chain += len(word) if kind == "operator" else 1
        if frame.chain > CHAIN_MOST:
            raise too_deep()


def too_deep() -> BadInput:
    return BadInput(
        _("The filter is too deeply nested."),
        locator="filter",
        hint=_("At most %(depth)d levels are served.") % {"depth": DEEPEST},
    )


def unbalanced(place: int) -> BadInput:
    return BadInput(
        _("The bracket or quote at character %(place)d has no counterpart.") % {"place": place + 1}, locator="filter"
    )
