"""The second factor: time-based codes (RFC 6238) and the picture that an authenticator scans."""

import hmac
import unicodedata
from datetime import datetime

import pyotp
import segno
from markupsafe import Markup

PERIOD = 30  # seconds
WINDOW = 1  # periods that a telephone's clock may be off, either way
DIGITS = 6
ISSUER = "Concord"
NOBODYS_SECRET = "A" * 32  # what an unknown person's code is compared with


def matching_counter(secret: str, typed: str, *, now: datetime) -> int | None:
    """The period whose code was typed, if one within the window; it is for use once."""
    code = plain_code(typed)
    generator = pyotp.TOTP(secret)
    current = int(now.timestamp()) // PERIOD
    found = None
    for counter in range(current - WINDOW, current + WINDOW + 1):
        if hmac.compare_digest(generator.generate_otp(counter), code):
            found = counter
    return found


def code_at(secret: str, *, now: datetime) -> str:
    """What an authenticator shows at a moment."""
    return pyotp.TOTP(secret).generate_otp(int(now.timestamp()) // PERIOD)


def plain_code(typed: str) -> str:
    """Six ASCII digits, from digits of any script and with blanks between; else nothing."""
    symbols = [symbol for symbol in typed if not symbol.isspace() and symbol not in "-·"]
    digits = [unicodedata.decimal(symbol, None) for symbol in symbols]
    if len(digits) != DIGITS or None in digits:
        return ""
    return "".join(str(digit) for digit in digits)


def address(secret: str, *, email: str) -> str:
    """The `otpauth:` address that an authenticator reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def picture(secret: str, *, email: str, title: str) -> Markup:
    """A QR code as inline SVG, dark on white in every theme, without inline style."""
    code = segno.make(address(secret, email=email), error="m", micro=False)
    drawn = code.svg_inline(
        scale=5, dark="#000", light="#fff", border=3, svgclass="qr", title=title
    )
    return Markup(drawn)  # noqa: S704 - segno escapes the title; the rest is its own drawing


def grouped(secret: str) -> str:
    """The secret in groups of four, for typing by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
