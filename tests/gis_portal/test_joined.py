import json
import re

import pytest
from django.contrib.staticfiles.finders import find
from django.core.files.storage import FileSystemStorage

from gis_portal import joined
from gis_portal.joined import ENTRIES, NotJoinable, order
from gis_portal.storage import PortalStaticFiles


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """Writes modules by name into a folder of their own."""
    monkeypatch.setattr(joined, "MODULES", tmp_path)

    def write(**sources):
        for name, source in sources.items():
            (tmp_path / f"{name}.js").write_text(source)

    return write


@pytest.mark.parametrize("entry", ENTRIES)
def test_what_the_pages_load_is_joined_whole(entry):
    text = joined.joined(entry)
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)
    assert all(f"const module_{name} = " in text for name in order(entry)[:-1])


def test_a_module_comes_after_what_it_needs(modules):
    modules(
        page='import { b } from "portal/second";\nimport { a } from "portal/first";\nb(a);\n',
        second='import { a } from "portal/first";\nexport const b = (x) => x + a;\n',
        first="export const a = 1;\n",
    )
    assert order("page") == ["first", "second", "page"]


def test_a_circle_is_refused(modules):
    modules(page='import { a } from "portal/a";\n', a='import { b } from "portal/page";\nexport const a = 1;\n')
    with pytest.raises(NotJoinable, match="page → a → page"):
        order("page")


@pytest.mark.parametrize("line", ['import x from "portal/x";', "export default 1;", "export let x = 1;"])
def test_what_cannot_be_joined_is_refused(modules, line):
    modules(page=f"{line}\n")
    with pytest.raises(NotJoinable, match="has no form"):
        joined.joined("page")


def test_collected_files_hold_entries_joined_and_the_rest_as_it_is(tmp_path):
    collected = PortalStaticFiles(location=tmp_path, base_url="/static/")
    source = FileSystemStorage(location=find("portal/main.js").removesuffix("main.js"))
    paths = {"portal/main.js": (source, "main.js"), "portal/dom.js": (source, "dom.js")}
    for name, (_place, file) in paths.items():
        with source.open(file) as content:
            collected.save(name, content)
    list(collected.post_process(paths))
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert (tmp_path / names["portal/main.js"]).read_text() == joined.joined("main")
    assert (tmp_path / names["portal/dom.js"]).read_text() == (joined.MODULES / "dom.js").read_text()
    assert collected.is_joined
