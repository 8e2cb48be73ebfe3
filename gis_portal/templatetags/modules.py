"""Own ES modules by bare name: their addresses carry a hash of the content, so sources need not know them."""

from __future__ import annotations

import re
from pathlib import Path

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
FOLDER = Path(__file__).parent.with_name("static")
PLACE = FOLDER / "portal"
# What the map's tools are made of is in a folder of its own: it is loaded when a tool is used.
NAMES = sorted(
    str(file.relative_to(PLACE).with_suffix("")) for where in ("*.js", "tools/*.js") for file in PLACE.glob(where)
)

IMPORTED = re.compile(r'^import .* from "portal/(\S+)";', re.MULTILINE)


def modules_of(entry: str) -> list[str]:
    """The modules that `entry` needs to begin, and those that they need."""
    found: list[str] = []
    wanted = [entry]
    while wanted:
        source = (FOLDER / "portal" / f"{wanted.pop()}.js").read_text()
        fresh = set(IMPORTED.findall(source)).difference(found)
        found += fresh
        wanted += fresh
    return sorted(found)


def loaded_with(entry: str) -> list[str]:
    """What the browser has to fetch beside `entry`: nothing where static files are collected, which joins them."""
    return [] if getattr(staticfiles_storage, "is_joined", False) else modules_of(entry)


@register.simple_tag(takes_context=True)
def import_map(context: template.RequestContext) -> SafeString:
    """The page's import map: `import … from "portal/dom"` works in every module of a page that has it."""
    lines = format_html_join(", ", '"portal/{}": "{}"', ((name, static(f"portal/{name}.js")) for name in NAMES))
    opening = '<script type="importmap" nonce="{}">{{"imports": {{ {} }} }}</script>'
    return format_html(opening, context["request"].csp_nonce, lines)
