"""The draft of a lesson from a delivered match; it names no State and no organization."""

from collections.abc import Sequence

from concord.matches.models import Evaluation, MatchLine
from concord.reference.code_lists import CodeLists
from concord.web.i18n import gettext as _


def draft_of(
    lines: Sequence[MatchLine], given: Sequence[Evaluation], lists: CodeLists
) -> tuple[str, str]:
    """Title and text: what was delivered, and what each side would do otherwise."""
    delivered = [line for line in lines if line.delivered_item]
    subjects = [_line(line, lists) for line in delivered or lines]
    title = _("Lesson: %(subject)s") % {"subject": subjects[0]}
    paragraphs = [_("What was delivered: %(what)s.") % {"what": "; ".join(subjects)}]
    for each in given:
        if each.change:
            of_state = _("What the State would change: %(change)s")
            of_provider = _("What the provider would change: %(change)s")
            said = of_state if each.state_id else of_provider
            paragraphs.append(said % {"change": each.change})
    return title[:300], "\n\n".join(paragraphs)


def _line(line: MatchLine, lists: CodeLists) -> str:
    item = line.item
    topic = _(lists.topics[item.topic_id].label)
    modality = _(lists.modalities[item.modality_id].label)
    return f"{topic} ({modality})"
