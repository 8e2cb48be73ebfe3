"""The modules that a page always loads together, as one file: on slow 4G each file costs a turn of its own, a third of
a second, and thirty small ones are packed worse than one. Sources stay small; `collectstatic` joins them.

Each module becomes a function that runs once, in the order of their needs, and answers what it exports.
"""

from __future__ import annotations

import re
from pathlib import Path

MODULES = Path(__file__).parent / "static" / "portal"
# What pages load by these names is joined; every other module is loaded by itself.
ENTRIES = ("main", "embed")

IMPORT = re.compile(r'^import \{ ([\w$, ]+) \} from "portal/([\w/-]+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) ([\w$]+))", re.MULTILINE)
OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
# Whole lines of comment are for who reads the sources.
COMMENT = re.compile(r"^\s*(?://.*|/\*\*(?:.|\n)*?\*/)\n", re.MULTILINE)


class NotJoinable(ValueError):
    """A module says something that cannot be carried into one file."""


def order(entry: str) -> list[str]:
    """What `entry` needs, each after what it needs itself, and `entry` last."""
    found: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise NotJoinable(f"Modules need each other in a circle: {' → '.join([*above, name])}.")
        for _names, needed in IMPORT.findall(_source(name)):
            visit(needed, (*above, name))
        if name not in found:
            found.append(name)

    visit(entry, ())
    return found


def joined(entry: str) -> str:
    *needed, last = order(entry)
    return "".join([*(_wrapped(name) for name in needed), _body(last)])


def _source(name: str) -> str:
    return (MODULES / f"{name}.js").read_text()


def _wrapped(name: str) -> str:
    exported = ", ".join(EXPORT.findall(_source(name)))
    return f"const {_variable(name)} = (() => {{\n{_body(name)}return {{ {exported} }};\n}})();\n"


def _body(name: str) -> str:
    text = EXPORT.sub("", COMMENT.sub("", _source(name)))
    text = IMPORT.sub(lambda found: f"const {{ {found[1]} }} = {_variable(found[2])};", text)
    if left := OTHER.search(text):
        raise NotJoinable(f"{name}.js: “{left[0]}” has no form that can be joined.")
    return text


def _variable(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name)
