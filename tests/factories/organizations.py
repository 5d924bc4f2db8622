"""Files, screenings and registrations to test with."""

import io
import zipfile
from dataclasses import dataclass
from datetime import date

from concord.actor import Actor
from concord.organizations import actions
from concord.organizations.models import Organization
from concord.organizations.questions import CODES
from concord.organizations.states import Finding, OrganizationKind, Sanctions
from concord.organizations.values import (
    Answer,
    NewOrganization,
    ProfileValues,
    Registration,
    ScreeningValues,
)
from tests.conftest import NOW

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 40 + b"\xff\xd9"


@dataclass(frozen=True)
class Sent:
    """A file as a browser sends it."""

    filename: str = "note.pdf"
    content: bytes = PDF


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **more})


def odt() -> bytes:
    return archive(
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<o/>"}
    )


def registration(
    name: str = "Illustrative Academy",
    *,
    email: str = "new.admin@example.org",
    kind: OrganizationKind = OrganizationKind.ACADEMIA,
    state: str | None = "QNN",
) -> Registration:
    return Registration(
        organization=NewOrganization(kind=kind, profile=ProfileValues(name=name, state=state)),
        person_name="New Administrator",
        email=email,
    )


async def registered(
    name: str = "Illustrative Academy", *, email: str = "new.admin@example.org"
) -> Organization:
    await actions.register(registration(name, email=email), now=NOW)
    return await Organization.get(name=name)


def answers(
    finding: Finding = Finding.SATISFACTORY, *, sanctions: Sanctions | None = Sanctions.NO_HIT
) -> ScreeningValues:
    return ScreeningValues(
        answers={code: Answer(finding=finding, note="Seen") for code in CODES},
        sanctions_on=date(2027, 1, 11),
        sanctions_result=sanctions,
        sanctions_note="Names of the directors",
    )


async def screened(organization: Organization, officer: Actor) -> Organization:
    """Under review, with every question answered."""
    await actions.open_screening(organization, actor=officer, now=NOW)
    await actions.save_screening(organization, answers(), version=1, actor=officer, now=NOW)
    await organization.refresh_from_db()
    return organization
