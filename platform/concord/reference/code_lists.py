"""All code lists in memory, with the questions that pages and rules ask of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from concord.reference.sorting import sort_key
from concord.reference.values import (
    BeneficiaryEntry,
    ModalityEntry,
    ReasonEntry,
    StateEntry,
    TopicEntry,
    UnitEntry,
)


@dataclass(frozen=True, slots=True)
class CodeLists:
    """One snapshot; every mapping is by code, in the order of the list, inactive entries included.

    Entries stay after they are made inactive, so that older records can still be shown: offer for
    choice only those that are `active`.
    """

    states: Mapping[str, StateEntry]
    topics: Mapping[str, TopicEntry]
    modalities: Mapping[str, ModalityEntry]
    beneficiaries: Mapping[str, BeneficiaryEntry]
    units: Mapping[str, UnitEntry]
    reasons: Mapping[str, ReasonEntry]

    def states_by_name(self, language: str) -> list[StateEntry]:
        """Every State in the order of its name in `language`."""
        key = sort_key(language)
        return sorted(self.states.values(), key=lambda state: key(state.name(language)))

    def state_of_iso2(self, iso2: str) -> StateEntry | None:
        return next((state for state in self.states.values() if state.iso2 == iso2), None)

    def regions(self) -> dict[str, list[str]]:
        """The subregions of each M49 region that has a State."""
        found: dict[str, set[str]] = {}
        for state in self.states.values():
            found.setdefault(state.region, set()).add(state.subregion)
        return {region: sorted(found[region]) for region in sorted(found)}

    def topic_groups(self) -> list[TopicEntry]:
        return [topic for topic in self.topics.values() if topic.parent_code is None]

    def topics_in(self, group: str) -> list[TopicEntry]:
        return [topic for topic in self.topics.values() if topic.parent_code == group]

    def topic_group(self, code: str) -> TopicEntry:
        """The group of a topic; a group is its own."""
        topic = self.topics[code]
        return self.topics[topic.parent_code] if topic.parent_code else topic

    def leaf_topics(self, codes: Iterable[str]) -> list[str]:
        """The codes with each group replaced by all its topics, without repeats, in list order."""
        wanted = set(codes)
        return [
            topic.code
            for topic in self.topics.values()
            if topic.parent_code and wanted & {topic.code, topic.parent_code}
        ]

    def reasons_for(self, context: str) -> list[ReasonEntry]:
        """What may be chosen as the reason in one context, such as `declined_by_state`."""
        return [
            reason
            for reason in self.reasons.values()
            if reason.context == context and reason.active
        ]
