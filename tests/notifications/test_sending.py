"""Hand-over to a real SMTP server on loopback."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.channels.email import build, send
from notifications.errors import Permanent, Retryable
from tests.notifications.test_email import ID, MAIL, NOW, SENDER


@dataclass(frozen=True)
class Server:
    port: int
    host: str = "127.0.0.1"
    username: str = ""
    password: str = ""
    security: Literal["none", "starttls", "tls"] = "none"


@dataclass
class Postbox:
    """Keeps what arrives, or answers as it is told."""

    answer: str = "250 OK"
    received: list[Envelope] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.received.append(envelope)
        return self.answer


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def server(postbox: Postbox) -> Iterator[Server]:
    controller = Controller(postbox, hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield Server(port=controller.port)
    controller.stop()


async def test_a_letter_arrives(postbox: Postbox, server: Server) -> None:
    await send(build(MAIL, sender=SENDER, now=NOW, message_id=ID), smtp=server)

    [envelope] = postbox.received
    content = envelope.original_content or b""
    message = message_from_bytes(content, policy=policy.default)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("concord@example.org", ["zoe@example.org"])
    assert (message["Message-ID"], message["Subject"]) == (ID, MAIL.subject)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@pytest.mark.parametrize(
    ("answer", "kind"), [("451 try later", Retryable), ("554 refused", Permanent)]
)
async def test_a_refusal_says_whether_to_try_again(
    postbox: Postbox, server: Server, answer: str, kind: type[Exception]
) -> None:
    postbox.answer = answer

    with pytest.raises(kind):
        await send(build(MAIL, sender=SENDER, now=NOW, message_id=ID), smtp=server)


async def test_without_tls_nothing_is_sent_where_tls_is_asked_for(
    postbox: Postbox, server: Server
) -> None:
    strict = Server(port=server.port, security="starttls")

    with pytest.raises(Retryable):
        await send(build(MAIL, sender=SENDER, now=NOW, message_id=ID), smtp=strict)

    assert postbox.received == []


async def test_no_server_is_tried_again() -> None:
    message = build(MAIL, sender=SENDER, now=NOW, message_id=ID)

    with pytest.raises(Retryable):
        await send(message, smtp=Server(port=_free_port()))


async def test_a_silent_server_is_given_up() -> None:
    message = build(MAIL, sender=SENDER, now=NOW, message_id=ID)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]

        with pytest.raises(Retryable):
            await send(message, smtp=Server(port=port), patience=0.2)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
