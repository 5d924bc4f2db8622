"""All figures on public sets; apart, because learning loads more than ranking needs."""

from collections.abc import Iterator
from pathlib import Path

from matching.encoder import Encoder
from matching.evaluation import Figure
from matching.packs import ranking_figures
from matching.pair_packs import pair_figures


def all_figures(packs: Path, encoder: Encoder) -> Iterator[Figure]:
    yield from ranking_figures(packs, encoder)
    yield from pair_figures(packs, encoder)
