"""Tables of matches, and of what is agreed, delivered and learnt under them."""

from concord.matches.models.delivery import (
    Delivery,
    DeliveryLine,
    DeliveryParticipants,
    DeliveryStep,
    Milestone,
)
from concord.matches.models.evaluation import Evaluation, LessonDraft
from concord.matches.models.match import Consent, Match, MatchLine, MatchStep, Participant
from concord.matches.models.terms import Terms, TermsAgreement

__all__ = [
    "Consent",
    "Delivery",
    "DeliveryLine",
    "DeliveryParticipants",
    "DeliveryStep",
    "Evaluation",
    "LessonDraft",
    "Match",
    "MatchLine",
    "MatchStep",
    "Milestone",
    "Participant",
    "Terms",
    "TermsAgreement",
]
