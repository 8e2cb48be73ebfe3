"""The one way in which XML from outside is read: nothing that it points to is followed, and its size and depth are
limited before anything walks over it.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from lxml import etree

from layers.wfs.exceptions import NotParsed, TooLarge

# Ten thousand inserted lines are 10 MB; a body that is larger than the site's edge lets in never comes here.
MOST_BYTES = 64_000_000
# Tags and attributes: each takes some hundred bytes of memory, however short it is written.
MOST_MARKS = 3_000_000
# No request of people nests this deep, and whoever walks over the tree may do so by recursion.
DEEPEST = 100
TOO_DEEP = etree.XPath(f"boolean({'/*' * (DEEPEST + 1)})")
BLANKS = b" \t\r\n"


def parse(data: bytes, locator: str = "request") -> etree._Element:
    """The root element, without comments and processing instructions.

    NotParsed for what is no XML, has a DOCTYPE or is too deep, TooLarge for what is too large.
    """
    if len(data) > MOST_BYTES or data.count(b"<") + data.count(b"=") > MOST_MARKS:
        raise TooLarge(locator=locator)
    if not data.strip(BLANKS):
        raise NotParsed(_("The request is empty."), locator=locator)
    root = tree(data.lstrip(BLANKS) if data[:1] in BLANKS else data, locator)
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotParsed(
            _("A DOCTYPE is not read: neither entities nor schemas of a request are followed."), locator=locator
        )
    if TOO_DEEP(root):
        raise NotParsed(
            _("The elements are nested more than %(count)d deep.") % {"count": DEEPEST},
            locator=locator,
            hint=_("Split the request."),
        )
    return root


def tree(data: bytes, locator: str) -> etree._Element:
    # Each its own: parsers are not to be shared between threads.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotParsed(
            _("This is no well-formed XML: %(reason)s") % {"reason": error.msg[:200]}, locator=locator
        ) from None
