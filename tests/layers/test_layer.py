"""What a layer says of itself."""

from __future__ import annotations

from django.utils.translation import override

from layers.layer import Titled


def test_a_title_holds_nothing_that_xml_forbids():
    titled = Titled("Тръба\x01 1", "Pipe\x0b\ufffe 1")
    for language, title in (("bg", "Тръба 1"), ("en", "Pipe 1")):
        with override(language):
            assert titled.title == title
