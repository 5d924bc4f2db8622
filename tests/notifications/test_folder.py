"""The mailbox in a folder."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.channels.email import build, message_id
from notifications.channels.folder import FolderMailbox, Letter
from tests.notifications.test_email import ID, MAIL, NOW, SENDER

LETTER = build(MAIL, sender=SENDER, now=NOW, message_id=ID)


@pytest.fixture
def mailbox(tmp_path: Path) -> FolderMailbox:
    return FolderMailbox(tmp_path / "mail")


def test_a_letter_is_read_as_it_was_put(mailbox: FolderMailbox) -> None:
    key = mailbox.put(LETTER)

    assert mailbox.letter(key) == Letter(
        key=key,
        message_id=ID,
        sent_at=NOW,
        to="Zoë Éxample <zoe@example.org>",
        subject=MAIL.subject,
        text=MAIL.text,
        html=MAIL.html,
    )


def test_one_message_id_is_kept_once(mailbox: FolderMailbox) -> None:
    again = build(replace(MAIL, text="Sent again.\n"), sender=SENDER, now=NOW, message_id=ID)

    assert mailbox.put(LETTER) == mailbox.put(again)
    assert [letter.text for letter in mailbox.letters()] == [MAIL.text]


def test_letters_are_listed_newest_first(mailbox: FolderMailbox) -> None:
    for hour in range(3):
        made = message_id(f"event {hour}", domain="example.org")
        sent_at = NOW + timedelta(hours=hour)
        mailbox.put(build(MAIL, sender=SENDER, now=sent_at, message_id=made))

    assert [letter.sent_at.hour for letter in mailbox.letters()] == [11, 10, 9]
    assert [letter.sent_at.hour for letter in mailbox.letters(most=2)] == [11, 10]


def test_an_empty_mailbox_has_no_letters(mailbox: FolderMailbox) -> None:
    assert mailbox.letters() == []


def test_a_half_written_letter_is_not_listed(mailbox: FolderMailbox) -> None:
    mailbox.put(LETTER)
    (mailbox.folder / "tmp1.part").write_bytes(b"Subject: half")
    (mailbox.folder / "stray.eml").write_bytes(b"Subject: foreign")

    assert [letter.message_id for letter in mailbox.letters()] == [ID]


@pytest.mark.parametrize("key", ["../secret", "0" * 32, "", "stray", "a" * 31 + "/"])
def test_a_key_that_is_none_finds_nothing(mailbox: FolderMailbox, key: str) -> None:
    mailbox.put(LETTER)
    (mailbox.folder.parent / "secret.eml").write_bytes(b"Subject: secret")

    assert mailbox.letter(key) is None


def test_letters_are_their_owners_alone(mailbox: FolderMailbox) -> None:
    key = mailbox.put(LETTER)

    modes = [
        path.stat().st_mode & 0o777 for path in (mailbox.folder, mailbox.folder / f"{key}.eml")
    ]
    assert modes == [0o700, 0o600]
