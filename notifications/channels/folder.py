"""A mailbox in a folder, for a platform without a mail server: each letter is one .eml file."""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from pathlib import Path

KEY = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class Letter:
    key: str
    message_id: str
    sent_at: datetime
    to: str
    subject: str
    text: str
    html: str


class FolderMailbox:
    """Letters may carry activation links, so the folder is its owner's alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, message: EmailMessage) -> str:
        """Keep the letter and answer its key; one Message-ID is kept once."""
        key = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:32]
        kept = self.folder / f"{key}.eml"
        if kept.exists():
            return key
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as part:
            part.write(message.as_bytes())
            part.flush()
            os.fsync(part.fileno())
        os.replace(part.name, kept)
        return key

    def letters(self, *, most: int = 200) -> list[Letter]:
        """The last ones put here, newest first."""
        files = [file for file in self.folder.glob("*.eml") if KEY.match(file.stem)]
        latest = sorted(files, key=lambda file: file.stat().st_mtime_ns)[-most:]
        return sorted(
            map(_read, latest), key=lambda letter: (letter.sent_at, letter.key), reverse=True
        )

    def letter(self, key: str) -> Letter | None:
        file = self.folder / f"{key}.eml"
        return _read(file) if KEY.match(key) and file.is_file() else None


def _read(file: Path) -> Letter:
    message = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=SMTP)
    return Letter(
        key=file.stem,
        message_id=str(message["Message-ID"]),
        sent_at=parsedate_to_datetime(str(message["Date"])),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=_body(message, "plain"),
        html=_body(message, "html"),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
