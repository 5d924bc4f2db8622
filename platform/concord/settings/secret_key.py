"""The key that signs what must not be forged: given, or made once for a data folder."""

import binascii
import os
import secrets
from base64 import b64decode
from pathlib import Path
from tempfile import NamedTemporaryFile

from concord.settings.reading import SettingsError

VARIABLE = "CONCORD_SECRET_KEY"
LEAST_BYTES = 32
REMEDY = "Give at least 32 random bytes in hexadecimal or base64, such as `openssl rand -hex 32`."


def decoded(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        try:
            key = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except binascii.Error:
            problem = "This is neither hexadecimal nor base64."
            raise SettingsError(VARIABLE, problem, REMEDY) from None
    if len(key) < LEAST_BYTES:
        raise SettingsError(VARIABLE, f"{len(key)} bytes are too few.", REMEDY)
    return key


def kept_in(data_folder: Path) -> bytes:
    """The key of this data folder, made at first use in a file that only its owner may read."""
    path = data_folder / "secret.key"
    try:
        if not path.exists():
            make(path)
        return decoded(path.read_text().strip())
    except OSError as error:
        raise SettingsError(
            "CONCORD_DATA_FOLDER",
            f"{error.strerror}: {path}.",
            "Give a folder that you may write.",
        ) from error


def make(path: Path) -> None:
    """Written elsewhere, then linked: of two processes both read the first one's whole key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=".secret-") as draft:  # mode 0600
        draft.write(secrets.token_hex(LEAST_BYTES))
        draft.flush()
        os.fsync(draft.fileno())
        try:
            os.link(draft.name, path)
        except FileExistsError:
            return
