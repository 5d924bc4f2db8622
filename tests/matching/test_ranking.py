"""Rankings as a whole: order, sums, explanations, and independence of history."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.encoder import Encoder, LexicalOnly
from matching.ranking import OfferIndex, rank
from matching.scoring import WEIGHTS, Configuration
from matching.types import (
    FeatureCode,
    Gate,
    GateCode,
    OfferProfile,
    Pairing,
    Ranking,
    RequestProfile,
    SuggestedLine,
)
from tests.matching.cases import (
    ITEM,
    OFFER,
    REQUEST,
    SLOT,
    TODAY,
    TOPICS,
    HashedWords,
    index,
    offer_lists,
    requests,
)

ENCODERS: list[Encoder] = [LexicalOnly(), HashedWords()]
encoders = st.sampled_from(ENCODERS)
shuffled = offer_lists.flatmap(lambda made: st.tuples(st.just(made), st.permutations(made)))
often = settings(max_examples=60, deadline=None)


def ranked(
    asked: list[RequestProfile], offered: list[OfferProfile], encoder: Encoder, top: int = 0
) -> list[Ranking]:
    return rank(
        asked,
        offered,
        configuration=Configuration(),
        encoder=encoder,
        topics=TOPICS,
        today=TODAY,
        top=top,
    )


def only(request: RequestProfile, *offered: OfferProfile) -> tuple[Pairing, ...]:
    return index(*offered).rank_one(request, today=TODAY).pairings


@often
@given(requests, offer_lists, encoders)
def test_contributions_sum_to_the_score_exactly(
    request: RequestProfile, offered: list[OfferProfile], encoder: Encoder
) -> None:
    for pairing in ranked([request], offered, encoder)[0].pairings:
        parts = [Decimal(repr(part)) for part in pairing.components.values()]
        assert sum(parts, Decimal(0)) == Decimal(repr(pairing.score))


@often
@given(requests, shuffled, encoders)
def test_the_order_of_the_offers_does_not_matter(
    request: RequestProfile,
    offered: tuple[list[OfferProfile], list[OfferProfile]],
    encoder: Encoder,
) -> None:
    assert ranked([request], offered[0], encoder) == ranked([request], offered[1], encoder)


@often
@given(requests, offer_lists, offer_lists, encoders)
def test_an_index_forgets_its_history(
    request: RequestProfile,
    offered: list[OfferProfile],
    gone: list[OfferProfile],
    encoder: Encoder,
) -> None:
    kept = OfferIndex(configuration=Configuration(), encoder=encoder, topics=TOPICS)
    kept.upsert(gone)
    kept.rank_one(request, today=TODAY)
    kept.upsert(replace(offer, text="before") for offer in offered)
    kept.remove({offer.id for offer in gone} - {offer.id for offer in offered})
    kept.upsert(offered)
    assert kept.rank_one(request, today=TODAY) == ranked([request], offered, encoder)[0]


@often
@given(requests, offer_lists, encoders)
def test_every_offer_is_either_paired_or_barred(
    request: RequestProfile, offered: list[OfferProfile], encoder: Encoder
) -> None:
    ranking = ranked([request], offered, encoder)[0]
    paired = [pairing.offer for pairing in ranking.pairings]
    assert sorted([*paired, *ranking.barred]) == sorted(offer.id for offer in offered)
    assert [pairing.rank for pairing in ranking.pairings] == list(range(1, len(paired) + 1))
    standings = [(-pairing.score, pairing.offer) for pairing in ranking.pairings]
    assert standings == sorted(standings)
    assert all(ranking.barred.values())


@often
@given(requests, offer_lists, encoders)
def test_removing_the_largest_reason_moves_score_and_rank_as_said(
    request: RequestProfile, offered: list[OfferProfile], encoder: Encoder
) -> None:
    ranking = ranked([request], offered, encoder)[0]
    for pairing in ranking.pairings:
        explanation = pairing.explanation
        assert [change.code for change in explanation.without] == [
            reason.code for reason in explanation.reasons
        ]
        for change in (*explanation.without, *explanation.gains):
            part = round(1e6 * pairing.components[change.code])
            left = round(1e6 * change.contribution)
            assert round(1e6 * change.score) == round(1e6 * pairing.score) - part + left
            assert change.rank == 1 + sum(
                (-other.score, other.offer) < (-change.score, pairing.offer)
                for other in ranking.pairings
                if other is not pairing
            )
        assert all(change.contribution == 0 for change in explanation.without)


@often
@given(requests, offer_lists, encoders)
def test_reasons_are_the_four_largest_contributions(
    request: RequestProfile, offered: list[OfferProfile], encoder: Encoder
) -> None:
    for pairing in ranked([request], offered, encoder)[0].pairings:
        largest = sorted(pairing.components.values(), reverse=True)[:4]
        named = [reason.contribution for reason in pairing.explanation.reasons]
        assert named == [part for part in largest if part > 0]


@often
@given(requests, offer_lists)
def test_an_exclusion_shows_nowhere_but_in_its_gate(
    request: RequestProfile, offered: list[OfferProfile]
) -> None:
    without = replace(request, excluded_organizations=())
    open_offers = [replace(offer, excluded_states=()) for offer in offered]
    ranking = ranked([request], offered, LexicalOnly())[0]
    free = ranked([without], open_offers, LexicalOnly())[0]
    hidden = {offer for offer, gates in ranking.barred.items() if any(g.unodc_only for g in gates)}
    assert [p.components for p in ranking.pairings] == [
        p.components for p in free.pairings if p.offer not in hidden
    ]


def test_top_keeps_the_best() -> None:
    offered = [replace(OFFER, id=f"o{n}", track_record=n) for n in range(5)]
    best = ranked([REQUEST], offered, LexicalOnly(), top=2)[0]
    assert [pairing.offer for pairing in best.pairings] == ["o4", "o3"]


def test_equal_scores_go_by_id() -> None:
    same = [replace(OFFER, id=name) for name in ("b", "a", "c")]
    assert [pairing.offer for pairing in only(REQUEST, *same)] == ["a", "b", "c"]


def test_the_version_names_weights_and_model() -> None:
    assert ranked([REQUEST], [OFFER], LexicalOnly())[0].model_version == "linear-1+lexical"


def test_no_offers_give_an_empty_ranking() -> None:
    assert ranked([REQUEST], [], LexicalOnly()) == [Ranking("r1", "linear-1+lexical", (), {})]


def test_a_barred_offer_keeps_its_reason() -> None:
    ranking = index(replace(OFFER, verified=False)).rank_one(REQUEST, today=TODAY)
    assert ranking.pairings == ()
    assert ranking.barred == {"o1": (Gate(GateCode.PARTNER_NOT_VERIFIED),)}


def test_the_nearer_topic_wins() -> None:
    near = replace(OFFER, id="near", slots=(replace(SLOT, topic="INV.02"),))
    far = replace(OFFER, id="far", slots=(replace(SLOT, topic="EVD.01"),))
    assert [pairing.offer for pairing in only(REQUEST, far, near, OFFER)] == ["o1", "near", "far"]


def test_lines_spend_a_slot_once() -> None:
    second = replace(ITEM, id="i2", quantity=15)
    request = replace(REQUEST, items=(ITEM, second))
    assert only(request, OFFER)[0].lines == (
        SuggestedLine("i1", "s1", 20, "training_places"),
        SuggestedLine("i2", "s1", 10, "training_places"),
    )


def test_a_line_takes_the_slot_of_the_item_s_topic() -> None:
    other = replace(SLOT, id="s2", topic="EVD.01", capacity_left=None)
    assert [line.slot for line in only(REQUEST, replace(OFFER, slots=(other, SLOT)))[0].lines] == [
        "s1"
    ]


def test_equity_weighs_nothing_until_it_is_set() -> None:
    request = replace(REQUEST, sids=True)
    assert only(request, OFFER)[0].components[FeatureCode.EQUITY] == 0
    weights = Configuration({**WEIGHTS, FeatureCode.EQUITY: 0.1}, "with-equity")
    pairing = index(OFFER, weights=weights).rank_one(request, today=TODAY).pairings[0]
    assert pairing.components[FeatureCode.EQUITY] == 0.1


def test_shared_terms_are_the_request_s_words() -> None:
    shared = only(REQUEST, OFFER)[0].explanation.shared_terms
    assert {"investigators", "seized", "telephones"} <= set(shared)
    assert "unit" not in shared


def test_a_crowd_changes_nothing_while_it_is_small() -> None:
    alone, crowded = index(OFFER), index(OFFER)
    crowded.learn([REQUEST, replace(REQUEST, id="r2", text="Another")])
    assert alone.rank_one(REQUEST, today=TODAY) == crowded.rank_one(REQUEST, today=TODAY)


def test_a_crowd_is_the_same_in_any_order() -> None:
    crowd = [RequestProfile(str(n), text=f"word{n} training", language="en") for n in range(120)]
    offered = [replace(OFFER, id=str(n), text=f"word{n} course") for n in range(9)]
    forth = ranked(crowd, offered, HashedWords())
    back = ranked(crowd[::-1], offered[::-1], HashedWords())
    assert forth == back[::-1]
    assert forth[3].pairings[0].offer == "3"
