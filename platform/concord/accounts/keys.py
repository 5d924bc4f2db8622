"""Keys derived from the platform's secret: for secrets at rest, enrolment and recovery codes."""

import hashlib
import hmac
import secrets
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
FORMAT = "v1."


@dataclass(frozen=True, slots=True)
class Keys:
    """One key for each purpose; none of them tells anything about another."""

    at_rest: bytes = field(repr=False)
    enrolment: bytes = field(repr=False)
    recovery: bytes = field(repr=False)

    def encrypt(self, secret: str, *, owner: UUID) -> str:
        """Encrypted for one owner: under another person's id it does not decrypt."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self.at_rest).encrypt(nonce, secret.encode(), owner.bytes)
        return FORMAT + urlsafe_b64encode(nonce + sealed).decode()

    def decrypt(self, stored: str, *, owner: UUID) -> str:
        """Raises `cryptography.exceptions.InvalidTag` under another key or owner."""
        raw = urlsafe_b64decode(stored.removeprefix(FORMAT))
        nonce, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        return AESGCM(self.at_rest).decrypt(nonce, sealed, owner.bytes).decode()

    def enrolment_secret(self, token: str) -> str:
        """The authenticator secret that a link's page offers: the same however often it is shown.

        160 bits in base32 (RFC 4226); only whoever holds the raw token can be shown it.
        """
        found = hmac.digest(self.enrolment, token.encode(), hashlib.sha256)
        return b32encode(found[:20]).decode()

    def recovery_digest(self, code: str, *, owner: UUID) -> str:
        """What is stored of a recovery code: useless without this key."""
        return hmac.digest(self.recovery, owner.bytes + code.encode(), hashlib.sha256).hex()


@lru_cache(maxsize=8)
def derive(secret_key: bytes) -> Keys:
    """The keys of `settings.secret_key`."""
    return Keys(
        at_rest=_derived(secret_key, b"second factor at rest"),
        enrolment=_derived(secret_key, b"second factor enrolment"),
        recovery=_derived(secret_key, b"recovery codes"),
    )


def _derived(secret_key: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, b"concord accounts: " + purpose).derive(secret_key)
