"""The exact texts of consent, acceptance and approval, in the reader's language."""

from collections.abc import Sequence

from concord.matches.models import Match, MatchLine
from concord.matches.values import PART_NAMES
from concord.reference.code_lists import CodeLists
from concord.web.formats import period, state_name
from concord.web.i18n import gettext as _


def consent_text(match: Match, *, lines: Sequence[MatchLine], state: str, lists: CodeLists) -> str:
    """What a State consents to; offer and organization are fetched, and the items of lines."""
    offer = match.offer
    return "\n".join(
        [
            _("%(state)s consents to match %(match)s:")
            % {"state": state_name(state), "match": match.public_id},
            _("%(provider)s, with its offer %(offer)s, is asked whether it will assist.")
            % {"provider": offer.organization.name, "offer": offer.public_id},
            *(line_text(line, lists) for line in lines),
            _("When: %(period)s.") % {"period": period(match.starts_on, match.ends_on)},
            _(
                "From this consent on, the provider sees the State's name, what is asked for, the"
                " dates, the working languages and the parts of the request that are named below."
                " It deletes them within 30 days when the match ends without delivery."
            ),
            _("Consent can be withdrawn until terms of reference are agreed."),
        ]
    )


def with_parts(text: str, parts: Sequence[str]) -> str:
    """The text as kept: with the parts of the request that are shared."""
    names = ", ".join(str(PART_NAMES[part]) for part in parts) or _("none")
    return text + "\n" + _("Parts of the request shared: %(parts)s.") % {"parts": names}


def line_text(line: MatchLine, lists: CodeLists) -> str:
    item = line.item
    unit = lists.units[item.unit_id].label if item.unit_id else ""
    return _("%(modality)s on %(topic)s: %(quantity)s %(unit)s.") % {
        "modality": _(lists.modalities[item.modality_id].label),
        "topic": _(lists.topics[item.topic_id].label),
        "quantity": line.item_quantity,
        "unit": _(unit) if unit else "",
    }


def acceptance_text(match: Match, *, organization: str) -> str:
    """What a participant accepts."""
    return "\n".join(
        [
            _("%(organization)s will take part in match %(match)s as described on this page.")
            % {"organization": organization, "match": match.public_id},
            _("It has no conflict of interest in this assistance."),
            _(
                "It uses what it learns of the request for this assistance alone, and deletes it"
                " within 30 days when the match ends without delivery."
            ),
        ]
    )


def approval_text(match: Match) -> str:
    """What an approver confirms."""
    return _(
        "Consent and acceptance are newer than the last change of the request and of the offer."
        " The capacity of match %(match)s becomes a reservation, and what it covers is protected"
        " from repetition until its end and the cooling time of its modality."
    ) % {"match": match.public_id}
