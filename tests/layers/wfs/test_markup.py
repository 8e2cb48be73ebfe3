"""XML from outside is read without following it anywhere, and what is too deep or too large is told."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.wfs import markup
from layers.wfs.exceptions import NotParsed, TooLarge
from layers.wfs.markup import DEEPEST, parse


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


@pytest.mark.parametrize(
    "data",
    [
        "<a>Ж</a>".encode(),
        "\ufeff<a>Ж</a>".encode(),
        "<a>Ж</a>".encode("utf-16"),
        '\n <?xml version="1.0" encoding="UTF-8"?><a>Ж</a>'.encode(),
        '<?xml version="1.0" encoding="windows-1251"?><a>Ж</a>'.encode("cp1251"),
        "<!-- of whom --><?who me?><a><!-- 1 -->Ж<?two 2?></a>".encode(),
    ],
)
def test_every_encoding_of_xml_is_read(data: bytes):
    root = parse(data)
    assert (root.tag, root.text, len(root)) == ("a", "Ж", 0)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"no XML",
        b"<a>",
        b"<a/><b/>",
        b"<a>\xff</a>",
        b"\x1f\x8b\x08\x00",
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
        b"<x:a/>",
        b"<a>&unknown;</a>",
        nested(DEEPEST + 1),
        nested(10_000),
    ],
    ids=range(12),
)
def test_what_cannot_be_read_is_told(data: bytes):
    with pytest.raises(NotParsed) as failure:
        parse(data, "filter")
    assert failure.value.locator == "filter"


def test_a_tree_at_the_limit_is_read():
    assert parse(nested(DEEPEST)).tag == "a"


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE a>",
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>',
        '<!DOCTYPE a [<!ENTITY x0 "yyyyyyyyyy">'
        + "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 12))
        + '<!ENTITY x "&x11;">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused(doctype: str, encoding: str):
    for text in ("<a/>", "<a>&x;</a>", '<a b="&x;"/>'):
        with pytest.raises(NotParsed):
            parse(f"{doctype}{text}".encode(encoding))


def test_too_many_bytes_or_elements_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(markup, "MOST_BYTES", 40)
    monkeypatch.setattr(markup, "MOST_MARKS", 3)
    assert len(parse(b"<r><a/></r>")) == 1
    for data in (b"<r><a/><a/></r>", b"<r>" + b"x" * 40 + b"</r>", b"<r a='1' b='2' c='3' d='4'/>"):
        with pytest.raises(TooLarge):
            parse(data)


@given(st.binary(max_size=200) | st.text("<a/>&;!\"'[]= x", max_size=60).map(str.encode))
def test_whatever_comes_is_read_or_refused(data: bytes):
    with suppress(NotParsed):
        assert parse(data).getroottree().docinfo.internalDTD is None
