"""All figures on public sets; apart, because learning loads more than ranking needs."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from matching.encoder import Encoder, LexicalOnly, Remembering
from matching.evaluation import Figure, Goal
from matching.packs import Contender, ranking_figures
from matching.pair_packs import pair_figures
from matching.scoring import Configuration, TextWeights

NEVER = 10**9
WORDS = TextWeights(own_words=1, own_meaning=0, other_words=1, other_meaning=0, long_from=NEVER)
COSINE = TextWeights(
    other_words=1, other_meaning=0, long_words=1, long_meaning=0, long_offset=0, long_from=0
)
MEANING = TextWeights(own_words=0, own_meaning=1, other_words=0, long_from=NEVER)


def all_figures(packs: Path, encoder: Encoder, *, peers: bool = False) -> Iterator[Figure]:
    """Those of the matcher, and where asked for those of simpler rankings, which have no goals."""
    remembering = Remembering(encoder)
    yield from ranking_figures(packs, Contender(remembering))
    yield from pair_figures(packs, remembering)
    for name, contender in simpler(remembering).items() if peers else ():
        for figure in ranking_figures(packs, contender):
            yield Figure(f"{figure.name}, {name}", figure.interval, Goal())


def simpler(encoder: Encoder) -> Mapping[str, Contender]:
    """Each signal alone, as others would use it: without knowing the other requests."""
    alone = {
        "BM25": (LexicalOnly(), Configuration(words=WORDS)),
        "TF-IDF": (LexicalOnly(), Configuration(words=COSINE)),
        "embedding": (encoder, Configuration(text=MEANING)),
    }
    return {name: Contender(*parts, crowd=False) for name, parts in alone.items()}
