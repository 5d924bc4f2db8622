"""What a duplicate flag is about, and what a person may answer."""

from enum import StrEnum


class FlagKind(StrEnum):
    REQUESTS = "request_request"
    OFFERS = "offer_offer"
    ORGANIZATIONS = "organization"
    MATCH_AND_UNDERTAKING = "match_undertaking"
    MATCH_AND_ACTIVITY = "match_activity"


class Answer(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
