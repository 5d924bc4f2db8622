"""Where an offer stands by its meaning: less what is usual, the same for one work or many."""

import numpy as np
import pytest

from matching.encoder import Vectors, stored
from matching.excerpts import digest
from matching.placing import (
    ANY,
    DIMENSION,
    Means,
    home_of,
    languages,
    placed,
    usual_in,
    works_of,
    written_bytes,
)
from matching.types import OfferProfile


def axis(number: int) -> Vectors:
    found = np.zeros(DIMENSION, np.float32)
    found[number] = 1
    return found


def test_works_are_found_by_the_digest_of_their_text() -> None:
    offer = OfferProfile(id="o", text="A course", past=("An earlier one",))
    kept = stored(np.stack([axis(0), axis(1)]))
    vectors = {digest("A course"): kept[0], digest("An earlier one"): kept[1]}
    assert np.array_equal(works_of(offer, vectors), np.stack([axis(0), axis(1)]))


def test_an_offer_stands_in_the_direction_of_its_works_less_what_is_usual() -> None:
    works = np.stack([axis(0), axis(1)])
    found = placed(works, axis(2))
    assert found[:3].tolist() == pytest.approx([0.5**0.5, 0.5**0.5, -1])
    assert placed(np.zeros((1, DIMENSION), np.float32), axis(2)).tolist() == (-axis(2)).tolist()


def test_what_is_usual_is_the_mean_of_a_languages_works_or_of_all() -> None:
    means = Means()
    means.add("en", np.stack([axis(0), axis(0)]))
    means.add("fr", np.stack([axis(1)]))
    kept = means.stored()
    assert sorted(kept) == [ANY, "en", "fr"]
    assert usual_in("fr", kept).tolist() == axis(1).tolist()
    everything = (2 * axis(0) + axis(1)) / np.float32(3)
    assert usual_in("ar", kept).tolist() == pytest.approx(everything.tolist())
    assert usual_in("ar", {}).tolist() == [0.0] * DIMENSION


def test_a_vector_is_written_as_the_database_reads_it() -> None:
    text = written_bytes(stored(axis(0)[None, :])[0])
    assert (text[:6], text[-3:], text.count(",")) == ("[1,0,0", ",0]", DIMENSION - 1)


def test_languages_are_primary_subtags_and_an_offer_is_at_home_in_its_own() -> None:
    assert languages(("fr-FR", "FR", "zh_Hans", "")) == ["fr", "zh"]
    assert home_of(OfferProfile(id="o", text="Une formation", language="fr-CA")) == "fr"
    assert home_of(OfferProfile(id="o", text="تدريب على الأدلة الرقمية")) == "ar"
