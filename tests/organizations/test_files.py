"""What is taken as an attachment, and what is refused."""

import pytest

from concord.organizations.files import (
    EMPTY,
    KIND,
    MACROS,
    MISMATCH,
    MOST_BYTES,
    TOO_LARGE,
    Refused,
    inspected,
    safe_name,
)
from tests.factories.organizations import JPEG, PDF, PNG, archive, docx, odt

BOMB = archive({"bomb": b"\0" * 20_000_000})


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PDF", PDF, "application/pdf"),
        ("a.png", PNG, "image/png"),
        ("a.jpg", JPEG, "image/jpeg"),
        ("a.jpeg", JPEG, "image/jpeg"),
        (
            "a.docx",
            docx(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("a.odt", odt(), "application/vnd.oasis.opendocument.text"),
        ("a.txt", "Bonjour, Привет, مرحبا".encode(), "text/plain; charset=utf-8"),
        ("a.csv", b"\xef\xbb\xbfname;count\r\nx;1\r\n", "text/csv; charset=utf-8"),
    ],
)
def test_an_accepted_kind_gets_the_type_of_its_content(
    name: str, content: bytes, media_type: str
) -> None:
    assert inspected(name, content).media_type == media_type


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pdf", b"", EMPTY),
        ("a.pdf", PDF + b"x" * MOST_BYTES, TOO_LARGE),
        ("a.exe", b"MZ\x90\x00", KIND),
        ("a.html", b"<html></html>", KIND),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", KIND),
        ("pdf", PDF, KIND),
        (".pdf", PDF, KIND),
        ("a.pdf.exe", PDF, KIND),
        ("a.pdf", b"<html><script>alert(1)</script></html>", MISMATCH),
        ("a.pdf", b"<html>%PDF-1.7", MISMATCH),
        ("a.pdf", BOMB, MISMATCH),
        ("a.pdf", PNG, MISMATCH),
        ("a.png", PDF, MISMATCH),
        ("a.jpg", b"\xff\xd8", MISMATCH),
        ("a.png", b"MZ" + PNG, MISMATCH),
        ("a.txt", b"MZ\x90\x00\x03", MISMATCH),
        ("a.txt", b"\xff\xfeh\x00i\x00", MISMATCH),
        ("a.txt", b"#!/bin/sh\nrm", MISMATCH),
        ("a.txt", b"  <!DOCTYPE html>", MISMATCH),
        ("a.csv", b"a,b\n1,<script>alert(1)</script>", MISMATCH),
        ("a.csv", b"<svg onload=alert(1)>", MISMATCH),
        ("a.docx", PDF, MISMATCH),
        ("a.docx", archive({"evil.html": b"<html>"}), MISMATCH),
        ("a.docx", docx()[:-30], MISMATCH),
        ("a.docx", odt(), MISMATCH),
        ("a.odt", docx(), MISMATCH),
        ("a.odt", archive({"mimetype": b"text/html"}), MISMATCH),
        ("a.odt", odt()[:38] + b"\xff" * 20 + odt()[58:], MISMATCH),
        ("a.odt", odt()[:38] + b"\x00" * 20 + odt()[58:], MISMATCH),
        ("a.docx", docx(**{"word/vbaProject.bin": b"macro"}), MACROS),
        ("a.docx", docx(**{f"word/{n}.xml": b"\0" * 30_000_000 for n in range(8)}), MACROS),
    ],
)
def test_a_hostile_file_is_refused_in_words(name: str, content: bytes, message: str) -> None:
    with pytest.raises(Refused) as refused:
        inspected(name, content)

    assert refused.value.message == message


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\note.pdf", "note.pdf"),
        ("C:\\fakepath\\note.pdf", "note.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a__Set-Cookie_ x=1.pdf"),
        ("a\x00b.pdf", "a_b.pdf"),
        ('a";filename="b.exe.pdf', "a__filename=_b.exe.pdf"),
        ("rapport\u202efdp.pdf", "rapport_fdp.pdf"),
        ("...pdf", "pdf"),
        ("  note  verbale .pdf", "note verbale.pdf"),
        ("ملاحظة.pdf", "ملاحظة.pdf"),
        ("n" * 500 + ".pdf", "n" * 120 + ".pdf"),
        ("", "document"),
    ],
)
def test_a_name_loses_its_traps(typed: str, kept: str) -> None:
    assert safe_name(typed) == kept
