"""E-mail: a message with its headers, and its hand-over to a mail server."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError, MessageDefect
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal, Protocol

import aiosmtplib

from notifications.errors import DeliveryFailed, Permanent, Retryable

PATIENCE = 10.0
"""Seconds to wait for one answer of the mail server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One letter to one person; `locale` is a BCP 47 tag."""

    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    locale: str


class MailServer(Protocol):
    """Where mail is handed over; the settings' own value has this shape."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def username(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def security(self) -> Literal["none", "starttls", "tls"]: ...


def message_id(dedup: str, *, domain: str) -> str:
    """The same for the same `dedup`, so that a repeated letter is recognised as one."""
    return f"<{hashlib.sha256(dedup.encode()).hexdigest()[:40]}@{domain}>"


def build(mail: Mail, *, sender: str, now: datetime, message_id: str) -> EmailMessage:
    """Raises Permanent for a line break in a header or an address that is none."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = sender
        message["To"] = Address(display_name=mail.to_name, addr_spec=mail.to_address)
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = message_id
    except (ValueError, IndexError, HeaderParseError, MessageDefect) as error:
        raise Permanent("a header of the letter cannot be written") from error
    _refuse_defects(message)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message["Content-Language"] = mail.locale  # last: set_content moves content headers to a part
    return message


async def send(message: EmailMessage, *, smtp: MailServer, patience: float = PATIENCE) -> None:
    """Hand over once, never in clear when TLS is asked for. Raises Retryable or Permanent."""
    try:
        await aiosmtplib.send(
            message,
            hostname=smtp.host,
            port=smtp.port,
            username=smtp.username or None,
            password=smtp.password or None,
            use_tls=smtp.security == "tls",
            start_tls=smtp.security == "starttls",
            timeout=patience,
        )
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise failure(error) from error


def failure(error: Exception) -> DeliveryFailed:
    """RFC 5321: 4xx may pass, 5xx will not; sign-in and network troubles are ours to mend.

    The text keeps the kind and the code only: a server's answer may quote the address.
    """
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        refused = [failure(recipient) for recipient in error.recipients]
        return next((one for one in refused if isinstance(one, Retryable)), refused[0])
    words = type(error).__name__
    if isinstance(error, aiosmtplib.SMTPResponseException):
        words = f"{words} {error.code}"
        final = not isinstance(error, aiosmtplib.SMTPAuthenticationError) and error.code >= 500
        return Permanent(words) if final else Retryable(words)
    return Permanent(words) if isinstance(error, ValueError) else Retryable(words)


def _refuse_defects(message: EmailMessage) -> None:
    for name in ("From", "To"):
        header = message[name]
        if header.defects or not all(one.domain for one in header.addresses):
            raise Permanent(f"the {name} header holds no proper address")
