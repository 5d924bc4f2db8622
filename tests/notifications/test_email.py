"""Letters: headers, alternatives, and what may not pass."""

from dataclasses import replace
from datetime import UTC, datetime

import aiosmtplib
import pytest
from aiosmtplib import SMTPRecipientRefused, SMTPRecipientsRefused

from notifications.channels.email import Mail, build, failure, message_id
from notifications.errors import DeliveryFailed, Permanent, Retryable

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
SENDER = "Concord <concord@example.org>"
ID = message_id("match:1:approved:person-7", domain="example.org")
MAIL = Mail(
    to_name="Zoë Éxample",
    to_address="zoe@example.org",
    subject="Request REQ-7K3Q-9D is open",
    text="Matching has begun.\n",
    html="<p>Matching has begun.</p>\n",
    locale="fr",
)


def test_a_letter_has_its_headers_and_two_forms() -> None:
    message = build(MAIL, sender=SENDER, now=NOW, message_id=ID)

    assert {name: str(message[name]) for name in message if name[:3] not in ("MIM", "Con")} == {
        "From": SENDER,
        "To": "Zoë Éxample <zoe@example.org>",
        "Subject": "Request REQ-7K3Q-9D is open",
        "Date": "Tue, 12 May 2026 09:30:00 +0000",
        "Message-ID": ID,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    assert message["Content-Language"] == "fr"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_the_same_event_has_the_same_message_id() -> None:
    assert message_id("match:1:approved:person-7", domain="example.org") == ID
    assert message_id("match:1:approved:person-8", domain="example.org") != ID
    assert ID.endswith("@example.org>")


@pytest.mark.parametrize("field", ["to_name", "to_address", "subject"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_line_breaks_in_a_header_are_refused(field: str, end: str) -> None:
    hostile = replace(MAIL, **{field: f"a@example.org{end}Bcc: everyone@example.org"})

    with pytest.raises(Permanent):
        build(hostile, sender=SENDER, now=NOW, message_id=ID)


@pytest.mark.parametrize(
    "address", ["", "nobody", "a b@example.org", "a@example.org, b@example.org", "@example.org"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(Permanent):
        build(replace(MAIL, to_address=address), sender=SENDER, now=NOW, message_id=ID)


def test_a_name_cannot_add_a_recipient() -> None:
    hostile = replace(MAIL, to_name='" <x@evil.example>, "')

    message = build(hostile, sender=SENDER, now=NOW, message_id=ID)

    assert [one.addr_spec for one in message["To"].addresses] == ["zoe@example.org"]


def _refused(*codes: int) -> SMTPRecipientsRefused:
    return SMTPRecipientsRefused([SMTPRecipientRefused(code, "", "a@b.example") for code in codes])


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (aiosmtplib.SMTPDataError(451, "later"), Retryable, "SMTPDataError 451"),
        (aiosmtplib.SMTPDataError(554, "never"), Permanent, "SMTPDataError 554"),
        (aiosmtplib.SMTPSenderRefused(550, "", "me"), Permanent, "SMTPSenderRefused 550"),
        (_refused(550), Permanent, "SMTPRecipientRefused 550"),
        (_refused(550, 450), Retryable, "SMTPRecipientRefused 450"),
        (aiosmtplib.SMTPAuthenticationError(535, "no"), Retryable, "SMTPAuthenticationError 535"),
        (aiosmtplib.SMTPServerDisconnected("gone"), Retryable, "SMTPServerDisconnected"),
        (aiosmtplib.SMTPConnectTimeoutError("slow"), Retryable, "SMTPConnectTimeoutError"),
        (ConnectionRefusedError(), Retryable, "ConnectionRefusedError"),
        (ValueError("no recipients"), Permanent, "ValueError"),
    ],
)
def test_failures_say_whether_to_try_again(
    error: Exception, kind: type[DeliveryFailed], words: str
) -> None:
    found = failure(error)

    assert (type(found), str(found)) == (kind, words)
