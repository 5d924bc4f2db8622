"""Who hears which message: "someone never asked hears nothing"."""

from dataclasses import replace

import pytest

from notifications.messages import MESSAGES, Audience, Message
from notifications.messages.accounts import (
    ActivationInvited,
    OnBehalfConfirmationAsked,
    PasswordChanged,
    TasksHandedOver,
)
from notifications.messages.matches import (
    MatchAcceptanceAsked,
    MatchApprovalAsked,
    MatchApprovedToState,
    MatchDeclinedByState,
    MatchEndedToProviders,
    MatchEndedToState,
    MatchProposedToState,
)
from notifications.messages.offers import OfferReconfirmDue, OfferReturned, OfferSubmitted
from notifications.messages.organizations import ProviderRegistered
from notifications.messages.requests import (
    NoObjectionBegun,
    RequestCirculated,
    RequestConfirmationAsked,
    RequestNoLongerOpen,
    RequestObjected,
    RequestReturned,
    RequestSubmitted,
)
from notifications.recipients import Case, Membership, mailed, recipients

PEOPLE = [
    Membership(person="focal", role="focal_point", organization="m-office", state="QMA"),
    Membership(person="alternate", role="alternate", organization="m-office", state="QMA"),
    Membership(person="drafter", role="drafter", organization="m-court", state="QMA"),
    Membership(person="observer", role="observer", organization="m-office", state="QMA"),
    Membership(
        person="nominee",
        role="focal_point",
        organization="m-office",
        state="QMA",
        accredited=False,
    ),
    Membership(person="co-focal", role="focal_point", organization="n-office", state="QNA"),
    Membership(person="foreign", role="focal_point", organization="p-office", state="QPA"),
    Membership(person="admin-1", role="partner_admin", organization="one"),
    Membership(person="member-1", role="partner_member", organization="one"),
    Membership(person="admin-2", role="partner_admin", organization="two"),
    Membership(person="desk-m", role="coordinator", coordinated_states=frozenset({"QMA"})),
    Membership(person="desk-p", role="coordinator", coordinated_states=frozenset({"QPA"})),
    Membership(person="approver", role="approver"),
    Membership(person="approver-2", role="approver"),
    Membership(person="screener", role="due_diligence"),
    Membership(person="auditor", role="auditor"),
    Membership(person="administrator", role="admin"),
]
CASE = Case(
    lead_state="QMA",
    co_states=frozenset({"QNA"}),
    owner="one",
    authors=frozenset({"drafter", "member-1"}),
)
ASKED = replace(CASE, asked=frozenset({"one"}))
SEALED = replace(ASKED, assigned=frozenset({"desk-p", "approver-2"}))


@pytest.mark.parametrize(
    ("kind", "case", "told"),
    [
        (RequestSubmitted, CASE, {"desk-m"}),
        (RequestConfirmationAsked, CASE, {"co-focal"}),
        (RequestReturned, CASE, {"focal", "alternate", "co-focal", "drafter"}),
        (NoObjectionBegun, CASE, {"focal", "alternate", "co-focal"}),
        (RequestObjected, CASE, {"desk-m"}),
        (RequestCirculated, CASE, set()),
        (RequestCirculated, replace(CASE, circulated_to=frozenset({"two"})), {"admin-2"}),
        (RequestNoLongerOpen, CASE, set()),
        (
            RequestNoLongerOpen,
            replace(ASKED, circulated_to=frozenset({"two"})),
            {"admin-1", "admin-2"},
        ),
        (OfferSubmitted, Case(owner="one"), {"desk-m", "desk-p"}),
        (OfferReturned, CASE, {"admin-1", "member-1"}),
        (OfferReconfirmDue, CASE, {"admin-1"}),
        (ProviderRegistered, Case(owner="two"), {"screener"}),
        (MatchProposedToState, CASE, {"focal", "alternate", "co-focal"}),
        (MatchAcceptanceAsked, CASE, set()),
        (MatchAcceptanceAsked, ASKED, {"admin-1"}),
        (MatchApprovalAsked, ASKED, {"approver", "approver-2"}),
        (MatchApprovalAsked, replace(ASKED, recused=frozenset({"approver"})), {"approver-2"}),
        (OnBehalfConfirmationAsked, CASE, {"desk-m", "approver", "approver-2"}),
        (
            OnBehalfConfirmationAsked,
            replace(CASE, recused=frozenset({"desk-m"})),
            {"approver", "approver-2"},
        ),
        (TasksHandedOver, Case(person="drafter"), {"drafter"}),
        (TasksHandedOver, CASE, set()),
    ],
)
def test_told(kind: type[Message], case: Case[str], told: set[str]) -> None:
    assert recipients(kind, people=PEOPLE, case=case) == told


def test_a_states_decline_reaches_its_coordinators_alone() -> None:
    assert recipients(MatchDeclinedByState, people=PEOPLE, case=ASKED) == {"desk-m"}


def test_a_decline_before_anybody_was_asked_tells_no_provider() -> None:
    assert recipients(MatchEndedToProviders, people=PEOPLE, case=CASE) == frozenset()


def test_an_end_tells_the_providers_that_were_asked() -> None:
    assert recipients(MatchEndedToProviders, people=PEOPLE, case=ASKED) == {"admin-1"}


def test_a_proposer_still_follows_the_match() -> None:
    case = replace(ASKED, recused=frozenset({"desk-m"}))

    assert recipients(MatchDeclinedByState, people=PEOPLE, case=case) == {"desk-m"}


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_an_empty_case_tells_no_state_and_no_provider(name: str) -> None:
    unodc = {"desk-m", "desk-p", "approver", "approver-2", "screener"}

    assert recipients(MESSAGES[name], people=PEOPLE, case=Case()) <= unodc


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_strangers_to_a_case_never_hear_of_it(name: str) -> None:
    strangers = {"foreign", "admin-2", "nominee", "observer", "auditor", "administrator", "desk-p"}

    assert not recipients(MESSAGES[name], people=PEOPLE, case=ASKED) & strangers


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_a_sealed_case_is_known_to_assigned_persons_of_unodc_alone(name: str) -> None:
    kind = MESSAGES[name]
    unassigned = {"desk-m", "approver"} | ({"screener"} - _screeners(kind))

    assert not recipients(kind, people=PEOPLE, case=SEALED) & unassigned


def test_a_sealed_case_reaches_its_assigned_coordinator_whatever_the_region() -> None:
    assert recipients(RequestSubmitted, people=PEOPLE, case=SEALED) == {"desk-p"}


def test_a_state_that_nobody_covers_goes_to_every_coordinator() -> None:
    case: Case[str] = Case(lead_state="QZA")

    assert recipients(RequestSubmitted, people=PEOPLE, case=case) == {"desk-m", "desk-p"}


def test_a_coordinator_without_a_set_covers_every_state() -> None:
    people = [*PEOPLE, Membership(person="desk-all", role="coordinator")]

    assert recipients(RequestSubmitted, people=people, case=CASE) == {"desk-m", "desk-all"}


def test_who_acted_is_not_told_what_was_done() -> None:
    case = replace(ASKED, actor="focal")

    assert recipients(MatchEndedToState, people=PEOPLE, case=case) == {"alternate", "co-focal"}


def test_who_acted_is_still_asked_to_act() -> None:
    case = replace(ASKED, actor="focal")

    assert "focal" in recipients(MatchProposedToState, people=PEOPLE, case=case)


def test_security_notices_reach_who_caused_them() -> None:
    case = Case(person="focal", actor="focal")

    assert recipients(PasswordChanged, people=PEOPLE, case=case) == {"focal"}


def test_two_roles_of_one_person_make_one_notice() -> None:
    people = [*PEOPLE, Membership(person="focal", role="alternate", state="QNA")]

    assert recipients(MatchApprovedToState, people=people, case=CASE) == {
        "focal",
        "alternate",
        "co-focal",
    }


def test_every_audience_has_a_rule() -> None:
    used = {kind.audience for kind in MESSAGES.values()}

    assert used == set(Audience)


@pytest.mark.parametrize(
    ("kind", "told"),
    [(MatchApprovedToState, {"one"}), (PasswordChanged, {"one", "two"})],
)
def test_mail_follows_the_preference_except_for_account_notices(
    kind: type[Message], told: set[str]
) -> None:
    people = [
        Membership(person="one", role="focal_point", state="QMA"),
        Membership(person="two", role="focal_point", state="QMA", wants_email=False),
    ]

    assert mailed(kind, people=people) == told


def test_links_are_mailed_whatever_the_preference() -> None:
    people = [Membership(person="new", role="drafter", state="QMA", wants_email=False)]

    assert mailed(ActivationInvited, people=people) == {"new"}


def _screeners(kind: type[Message]) -> set[str]:
    """Due diligence concerns a provider, never a request: a seal does not touch it."""
    return {"screener"} if kind.audience is Audience.DUE_DILIGENCE else set()
