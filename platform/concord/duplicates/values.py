"""What a duplicate flag is about, and what a person may answer."""

from enum import StrEnum


class FlagKind(StrEnum):
    REQUESTS = "request_request"
    OFFERS = "offer_offer"
    ORGANIZATIONS = "organization"
    MATCH_AND_UNDERTAKING = "match_undertaking"
    MATCH_AND_ACTIVITY = "match_activity"


REPETITIONS = (FlagKind.MATCH_AND_UNDERTAKING, FlagKind.MATCH_AND_ACTIVITY)
"""A request against what is done in its State already: its side is always the left one."""


class Answer(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
