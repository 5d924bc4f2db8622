"""Which texts of a record are read for their meaning, and by what each is known again."""

from hashlib import sha256

from matching.types import OfferProfile, RequestProfile

SIGNS_ENCODED = 4_000


def whole(title: str, text: str) -> str:
    """Title and text as one, without saying the title twice."""
    if not title or text.startswith(title):
        return text
    return f"{title}. {text}" if text.strip() else title


def offer_texts(offer: OfferProfile) -> tuple[str, ...]:
    """The description, unless past work stands alone, and each past work."""
    text = whole(offer.title, offer.text)
    described = (text,) if text.strip() or not offer.past else ()
    return tuple(each[:SIGNS_ENCODED] for each in (*described, *offer.past))


def request_texts(request: RequestProfile) -> tuple[str, ...]:
    return (whole(request.title, request.text)[:SIGNS_ENCODED],)


def digest(text: str) -> bytes:
    """Sixteen bytes that differ whenever the texts do."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]
