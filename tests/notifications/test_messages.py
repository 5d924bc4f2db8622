"""Every message: its name, what it can carry, and its way through an outbox row."""

import types
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

from notifications.errors import Permanent, Retryable, UnknownMessage
from notifications.messages import (
    MESSAGES,
    Audience,
    Message,
    Party,
    Urgency,
    dump,
    load,
    redact,
)
from notifications.messages.accounts import ActivationInvited
from notifications.messages.fields import (
    Count,
    DeliveryId,
    MatchId,
    OfferId,
    OrganizationId,
    ReasonCode,
    RequestId,
    StateCode,
    SubjectId,
    Token,
)
from notifications.messages.requests import RequestMerged, RequestReturned
from tests.notifications.examples import NAMES, VALUES, example

CONFIDENTIAL = "Seized servers of the ministry, urgent"
UNODC_ONLY = {"match_declined_by_state", "match_declined_by_partner", "match_rejected"}
CODES = (
    RequestId,
    OfferId,
    MatchId,
    DeliveryId,
    OrganizationId,
    SubjectId,
    StateCode,
    ReasonCode,
    Token,
)
PROVIDERS = {Audience.PARTICIPANTS, Audience.CIRCULATION, Audience.TOLD_PROVIDERS}


def test_names_are_the_classes_in_lower_case() -> None:
    assert {kind.name: kind.__name__ for kind in MESSAGES.values()} == {
        name: "".join(word.capitalize() for word in name.split("_")) for name in NAMES
    }


@pytest.mark.parametrize("name", NAMES)
def test_message_survives_the_outbox(name: str) -> None:
    message = example(MESSAGES[name])

    assert load(name, dump(message)) == message


@pytest.mark.parametrize("name", NAMES)
def test_fields_cannot_hold_free_text(name: str) -> None:
    hints = get_type_hints(MESSAGES[name], include_extras=True)
    fields = [field.name for field in msgspec.structs.fields(MESSAGES[name])]

    assert [field for field in fields if not all(map(_is_coded, _leaves(hints[field])))] == []


@pytest.mark.parametrize("name", NAMES)
def test_dump_refuses_text_in_any_field(name: str) -> None:
    kind = MESSAGES[name]
    for field in msgspec.structs.fields(kind):
        value = [CONFIDENTIAL] if field.name == "reasons" else CONFIDENTIAL
        leaking = msgspec.structs.replace(example(kind), **{field.name: value})

        with pytest.raises(msgspec.ValidationError):
            dump(leaking)


@pytest.mark.parametrize("tail", ["\n", "\r\nBcc: someone@example.org", " "])
def test_dump_refuses_a_line_break_after_an_id(tail: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        dump(RequestReturned(request="REQ-7K3Q-9D" + tail, reasons=("incomplete",)))


def test_an_unknown_name_is_tried_again() -> None:
    with pytest.raises(UnknownMessage) as raised:
        load("written_by_a_newer_release", {})

    assert isinstance(raised.value, Retryable)


def test_a_broken_payload_is_not_tried_again() -> None:
    with pytest.raises(Permanent):
        load("request_merged", {"request": "REQ-7K3Q-9D"})


def test_a_newer_field_is_read_over() -> None:
    payload = {"request": VALUES["request"], "survivor": VALUES["survivor"], "newer": 1}

    assert load("request_merged", payload) == RequestMerged(
        request="REQ-7K3Q-9D", survivor="REQ-1A2B-3C"
    )


def test_tokens_are_neither_kept_nor_shown() -> None:
    message = ActivationInvited(token="t" * 32, due=date(2026, 6, 3))

    assert redact(message.name, dump(message)) == {"due": "2026-06-03"}
    assert repr(message) == str(message) == "ActivationInvited(…)"


@pytest.mark.parametrize("name", NAMES)
def test_only_link_mails_hold_tokens_and_they_reach_no_inbox(name: str) -> None:
    kind = MESSAGES[name]
    tokens = tuple(one.name for one in msgspec.structs.fields(kind) if one.name == "token")

    assert (kind.secrets, kind.in_inbox) == (tokens, not tokens)


@pytest.mark.parametrize("name", NAMES)
def test_whoever_must_act_is_told_so(name: str) -> None:
    kind = MESSAGES[name]

    assert (kind.awaited() is Party.YOU) == (kind.urgency is Urgency.ACT)
    assert kind.urgency is Urgency.KNOW or kind.waiting_for is Party.NOBODY


def test_providers_learn_neither_reason_nor_state_nor_request_of_a_match() -> None:
    told = {
        field.name
        for kind in MESSAGES.values()
        if kind.audience in PROVIDERS and "match" in kind.__struct_fields__
        for field in msgspec.structs.fields(kind)
    }

    assert told == {"match", "delivery", "offer", "due", "delete_by"}


def test_reasons_of_a_match_stay_with_coordinators() -> None:
    with_reason = {
        kind.name: kind.audience
        for kind in MESSAGES.values()
        if {"match", "reason"} <= set(kind.__struct_fields__)
    }

    assert with_reason == dict.fromkeys(UNODC_ONLY | {"match_cancelled"}, Audience.COORDINATORS)


def test_only_accreditation_names_a_state() -> None:
    assert {kind.name for kind in MESSAGES.values() if "state" in kind.__struct_fields__} == {
        "accreditation_granted",
        "accreditation_ended",
        "focal_point_nominated",
    }


def _leaves(hint: object) -> Iterator[object]:
    """The types of single values under optional ones and tuples."""
    if get_origin(hint) in (Union, types.UnionType, tuple):
        for below in get_args(hint):
            yield from _leaves(below)
    elif hint not in (types.NoneType, Ellipsis):
        yield hint


def _is_coded(hint: object) -> bool:
    if hint in (date, datetime) or get_origin(hint) is Literal:
        return True
    if get_origin(hint) is not Annotated:
        return False
    base, *_ = get_args(hint)
    return base is int or hint in CODES


@pytest.mark.parametrize("hint", [str, Annotated[str, msgspec.Meta(max_length=5)], dict[str, str]])
def test_free_text_would_be_noticed(hint: object) -> None:
    assert not _is_coded(hint)
    assert _is_coded(Count)
    assert _is_coded(StateCode)


@pytest.mark.parametrize("code", CODES)
def test_codes_have_no_room_for_words(code: object) -> None:
    for text in ("Two words", "two words", "a\nb", "REQ-TWO WORDS", "<b>", ""):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(text, code)


def test_messages_cannot_be_changed() -> None:
    message: Message = RequestReturned(request="REQ-7K3Q-9D", reasons=("incomplete",))

    for field in message.__struct_fields__:
        with pytest.raises(AttributeError):
            setattr(message, field, "REQ-0000-00")
