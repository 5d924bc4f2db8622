"""Options of the select boxes: code lists in the reader's language and order."""

from collections.abc import Collection, Iterable, Mapping

from concord.reference.code_lists import CodeLists
from concord.reference.languages import UI_LANGUAGES, language_name
from concord.reference.sorting import sort_key
from concord.reference.values import BeneficiaryEntry, ModalityEntry, ReasonEntry, UnitEntry
from concord.web.i18n import current_locale, gettext

Options = list[tuple[str, str]]
Labelled = ModalityEntry | UnitEntry | BeneficiaryEntry | ReasonEntry


def state_options(lists: CodeLists) -> Options:
    locale = current_locale()
    return [(state.code, state.name(locale)) for state in lists.states_by_name(locale)]


def topic_options(
    lists: CodeLists, *, keep: Collection[str] = ()
) -> list[tuple[str, Mapping[str, str]]]:
    """Topics under the name of their group; inactive ones only where they are in use."""
    return [
        (
            gettext(group.label),
            {
                topic.code: gettext(topic.label)
                for topic in lists.topics_in(group.code)
                if topic.active or topic.code in keep
            },
        )
        for group in lists.topic_groups()
    ]


def flat_topic_options(lists: CodeLists, *, keep: Collection[str] = ()) -> Options:
    """The same in one list, for boxes to tick."""
    return [pair for _, topics in topic_options(lists, keep=keep) for pair in topics.items()]


def group_options(lists: CodeLists) -> list[tuple[str, Mapping[str, str]]]:
    """For filters: each group, to be chosen as a whole, above its topics."""
    return [
        (
            gettext(group.label),
            {group.code: gettext("All of: %(group)s") % {"group": gettext(group.label)}}
            | {topic.code: gettext(topic.label) for topic in lists.topics_in(group.code)},
        )
        for group in lists.topic_groups()
    ]


def code_options(entries: Iterable[Labelled], *, keep: Collection[str] = ()) -> Options:
    """Modalities, units, beneficiaries or reasons, in the order of their list."""
    return [
        (entry.code, gettext(entry.label))
        for entry in entries
        if entry.active or entry.code in keep
    ]


def language_options(tags: Iterable[str], *, keep: Iterable[str] = ()) -> Options:
    """Languages by their names, those of the United Nations first."""
    locale = current_locale()
    key = sort_key(locale)
    named = [(tag, language_name(tag, locale)) for tag in dict.fromkeys((*tags, *keep)) if tag]
    return sorted(named, key=lambda pair: (pair[0] not in UI_LANGUAGES, key(pair[1])))


def region_options(lists: CodeLists) -> Options:
    """Each region, and its subregions after it."""
    return [
        (name, gettext(name))
        for region, parts in lists.regions().items()
        for name in dict.fromkeys((region, *parts))
    ]
