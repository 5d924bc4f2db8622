"""Random tokens, and the digest that is stored in their place."""

import hashlib
from secrets import choice, token_urlsafe

RECOVERY_CODES = 10
RECOVERY_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
RECOVERY_LENGTH = 12  # 60 bits
_READ_ALIKE = str.maketrans("OIL", "011")


def new_token() -> str:
    """256 random bits, for a session's cookie or a link."""
    return token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256 in hexadecimal: enough for a random token, which cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_recovery_codes() -> list[str]:
    """Ten codes as they are shown: `7K3Q-9DMA-X2FT`."""
    return [_new_recovery_code() for _ in range(RECOVERY_CODES)]


def recovery_symbols(typed: str) -> str:
    """The bare symbols of a recovery code, however it was typed."""
    kept = "".join(symbol for symbol in typed.upper() if symbol.isalnum())
    return kept.translate(_READ_ALIKE)


def _new_recovery_code() -> str:
    symbols = "".join(choice(RECOVERY_SYMBOLS) for _ in range(RECOVERY_LENGTH))
    return "-".join(symbols[start : start + 4] for start in range(0, RECOVERY_LENGTH, 4))
