"""A mail server on loopback that keeps what it is given, refuses, or hesitates."""

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import Envelope, Session


class Postbox:
    """`answer` is what it says to every letter; it says nothing until `ready` is set."""

    def __init__(self) -> None:
        self.answer = "250 OK"
        self.letters: list[EmailMessage] = []
        self.asked = asyncio.Event()
        self.ready = asyncio.Event()
        self.ready.set()
        self.port = 0
        self._server: asyncio.Server | None = None

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:
        self.asked.set()
        await self.ready.wait()
        if self.answer.startswith("2") and isinstance(envelope.content, bytes):
            letter = message_from_bytes(envelope.content, policy=SMTP)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        return self.answer

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?starttls=no"

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Server(self, hostname="mail.concord.test"), "127.0.0.1", 0
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self.ready.set()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None
