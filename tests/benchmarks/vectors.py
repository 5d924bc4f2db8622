"""Vectors of a large corpus without encoding each text: those of the sample, a little moved."""

from collections.abc import Sequence

import numpy as np
from tortoise.connection import get_connection

from concord.pairings.profiles import (
    offer_fingerprints,
    offer_profiles,
    request_fingerprints,
    request_profiles,
)
from concord.pairings.vectors import Part, parts_of_offers, parts_of_request
from matching.encoder import SentenceEncoder, Vectors, stored

MOVED = 0.012  # standard deviation in each of 512 dimensions: a cosine of about .96 remains
BATCH = 1000
INSERT = """
INSERT INTO text_vector (subject_kind, subject_id, part, model_version, digest, vector)
SELECT kind, subject, part, $1, mark, vector
FROM unnest($2::text[], $3::uuid[], $4::int[], $5::bytea[], $6::bytea[])
  AS t (kind, subject, part, mark, vector) ON CONFLICT DO NOTHING
"""


class Neighbours:
    """An encoder for masses: texts of the same words in another order lie close together."""

    def __init__(self, *, seed: int = 1) -> None:
        self._encoder = SentenceEncoder()
        self._chance = np.random.default_rng(seed)
        self._known: dict[frozenset[str], Vectors] = {}
        self.model_version = self._encoder.model_version

    def encode(self, texts: Sequence[str]) -> Vectors:
        base = np.stack([self._base(text) for text in texts])
        moved = base + self._chance.normal(0, MOVED, base.shape).astype(np.float32)
        vectors: Vectors = moved / np.linalg.norm(moved, axis=1, keepdims=True)
        return vectors

    def exact(self) -> SentenceEncoder:
        """For requests: those that repeat a text of the sample must be known as the same."""
        return self._encoder

    def _base(self, text: str) -> Vectors:
        words = frozenset(word for word in text.split() if not any(map(str.isdigit, word)))
        if words not in self._known:
            self._known[words] = self._encoder.encode([text])[0]
        return self._known[words]


async def keep_all(encoder: Neighbours) -> int:
    """Vectors for every published offer and open request; their number."""
    offers, requests = list(await offer_fingerprints()), list(await request_fingerprints())
    count = 0
    for first in range(0, len(offers), BATCH):
        profiles = await offer_profiles(offers[first : first + BATCH])
        count += await _keep(parts_of_offers(profiles), encoder)
    for first in range(0, len(requests), BATCH):
        found = await request_profiles(requests[first : first + BATCH])
        parts = [part for each in found for part in parts_of_request(each)]
        count += await _keep(parts, encoder.exact())
    return count


async def _keep(parts: Sequence[Part], encoder: SentenceEncoder | Neighbours) -> int:
    vectors = stored(encoder.encode([part.text for part in parts]))
    columns = (
        [part.kind for part in parts],
        [part.subject for part in parts],
        [part.number for part in parts],
        [part.mark for part in parts],
        vectors,
    )
    await get_connection("default").execute_query(INSERT, [encoder.model_version, *columns])
    return len(parts)
