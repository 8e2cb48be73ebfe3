"""Own ES modules by bare name: their addresses carry a hash of the content, so sources need not know them."""

from __future__ import annotations

from pathlib import Path

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
FOLDER = Path(__file__).parent.with_name("static")
NAMES = sorted(file.stem for file in FOLDER.glob("portal/*.js"))


@register.simple_tag(takes_context=True)
def import_map(context: template.RequestContext) -> SafeString:
    """The page's import map: `import … from "portal/dom"` works in every module of a page that has it."""
    lines = format_html_join(", ", '"portal/{}": "{}"', ((name, static(f"portal/{name}.js")) for name in NAMES))
    opening = '<script type="importmap" nonce="{}">{{"imports": {{ {} }} }}</script>'
    return format_html(opening, context["request"].csp_nonce, lines)
