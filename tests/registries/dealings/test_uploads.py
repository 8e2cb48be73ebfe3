from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from registries.core.errors import BadInput
from registries.dealings import uploads

ODT, ODS = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"


def archive(**parts: str) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return made.getvalue()


DOCX = archive(**{"[Content_Types].xml": "", "word/document.xml": ""})
FILES = {
    "pdf": b"%PDF-1.7\n",
    "docx": DOCX,
    "xlsx": archive(**{"xl/workbook.xml": ""}),
    "odt": archive(mimetype=ODT, content=""),
    "ods": archive(mimetype=ODS, content=""),
    "png": b"\x89PNG\r\n\x1a\n....",
    "jpg": b"\xff\xd8\xff\xe0....",
    "dwg": b"AC1032\x00\x00",
    "dxf": b"999\r\ndrawn by hand\r\n  0\r\nSECTION\r\n  2\r\nHEADER\r\n",
    "txt": "Хладилен склад".encode("cp1251"),
}
REFUSED = {
    "nothing": b"",
    "a program": b"MZ\x90\x00\x03\x00",
    "any archive": archive(**{"a.exe": ""}),
    "a broken archive": b"PK\x03\x04broken",
    "a document with macros": archive(**{"word/document.xml": "", "word/vbaProject.bin": ""}),
    "a presentation": archive(mimetype="application/vnd.oasis.opendocument.presentation", content=""),
    "control characters": b"text\x00text",
}


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/octet-stream")


def test_every_kind_has_an_example():
    assert set(FILES) == set(uploads.KINDS)


@pytest.mark.parametrize("kind", uploads.KINDS)
def test_a_kind_is_known_by_its_content(kind):
    assert uploads.kind_of(FILES[kind]) == kind


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_taken(what):
    assert uploads.kind_of(REFUSED[what]) is None


def test_a_bomb_is_not_unpacked():
    made = BytesIO()
    with ZipFile(made, "w") as file:
        for number in range(uploads.PARTS_MAX + 1):
            file.writestr(f"word/{number}", "")
        file.writestr("word/document.xml", "")
    assert uploads.kind_of(made.getvalue()) is None


def test_a_name_that_lies_is_refused():
    with pytest.raises(BadInput, match=r"plan\.pdf"):
        uploads.accept([sent("plan.pdf", FILES["png"])])


def test_a_name_without_a_kind_gets_one():
    assert [one.name for one in uploads.accept([sent("plan", FILES["pdf"])])] == ["plan.pdf"]


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", 'a"\r\nb.pdf', "\u202efdp.pdf", "C:\\dir\\x.pdf"])
def test_a_name_becomes_no_path_and_no_header(name):
    kept = uploads.accept([sent(name, FILES["pdf"])])[0].name
    assert not set(kept) & set('/\\"\r\n\u202e:')


def test_six_files_are_too_many():
    with pytest.raises(BadInput, match="6"):
        uploads.accept([sent(f"{number}.pdf", FILES["pdf"]) for number in range(6)])


@pytest.mark.parametrize("name", ["plan.svg", "page.html", "macro.js"])
def test_what_could_hold_a_script_is_not_taken_for_text(name):
    with pytest.raises(BadInput):
        uploads.accept([sent(name, b"<svg onload='alert(1)'/>")])


def test_text_may_come_without_a_suffix():
    assert [one.name for one in uploads.accept([sent("notes", FILES["txt"])])] == ["notes.txt"]
