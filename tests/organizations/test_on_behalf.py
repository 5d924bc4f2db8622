"""Acts of a State on paper: recorded, confirmed by a second person, carried out once."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID, uuid4

import pytest

from concord import audit
from concord.actor import Actor, Role
from concord.audit import AuditEntry
from concord.errors import Conflict, NotAllowed
from concord.inbox.models import Task
from concord.jobs import Outbox
from concord.organizations import acts, on_behalf
from concord.organizations.models import ActOnBehalf, Attachment
from concord.organizations.on_behalf import Recording, Subject
from concord.organizations.queries import attachments_of
from concord.organizations.values import NoteVerbale
from concord.organizations.visibility import attachment_policies
from concord.web.i18n import LazyMessage
from tests.conftest import NOW
from tests.factories import people
from tests.factories.organizations import Sent

pytestmark = pytest.mark.usefixtures("database", "acted")
COMMAND = "tests.submit"
NOTE = NoteVerbale(reference="NV/7", date=date(2027, 1, 8))


class Acted:
    """What was carried out; `refuses` makes the command fail after it has written."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, UUID | None, str, str]] = []
        self.refuses = False

    async def __call__(
        self, arguments: Mapping[str, object], /, *, actor: Actor, state: str, now: datetime
    ) -> None:
        subject = UUID(str(arguments["subject_id"]))
        await audit.record(
            "tests.acted",
            actor=actor,
            subject_kind="request",
            subject_id=subject,
            now=now,
            on_behalf_of=state,
        )
        if self.refuses:
            raise Conflict("The request has moved on.")
        self.calls.append((str(arguments["text"]), actor.person_id, state, str(arguments["act"])))


@pytest.fixture
def acted() -> Iterator[Acted]:
    handler = Acted()
    on_behalf.register(COMMAND, handler, label="Submit the request")
    yield handler
    del on_behalf.commands[COMMAND]


def recording(
    *, assigned: frozenset[UUID] | None = None, command: str = COMMAND, state: str = "QMM"
) -> Recording:
    subject = Subject(
        kind="request",
        id=uuid4(),
        public_id="REQ-2B3C-4D",
        states=frozenset({"QMM"}),
        assigned=assigned,
    )
    return Recording(
        command=command,
        subject=subject,
        state=state,
        note=NOTE,
        file=Sent(),
        arguments={"text": "as typed"},
    )


async def told() -> set[tuple[object, object]]:
    rows = await Outbox.filter(name="tell")
    return {(row.payload["message"], row.payload["person"]) for row in rows}


async def test_nothing_happens_before_a_second_person_confirms(acted: Acted) -> None:
    first, second = await people.coordinator("QMM"), await people.coordinator("QMM")
    approver, focal_point = await people.approver(), await people.focal_point("QMM")
    act = await on_behalf.record(recording(), actor=first, now=NOW)

    assert acted.calls == []
    owed = await told()
    assert ("on_behalf_confirmation_asked", str(second.person_id)) in owed
    assert ("on_behalf_confirmation_asked", str(approver.person_id)) in owed
    assert ("on_behalf_confirmation_asked", str(first.person_id)) not in owed
    task = await Task.get(closed_at=None)
    assert (task.kind, task.state_code, task.subject_public_id) == (
        "confirm_on_behalf",
        "QMM",
        act.public_id,
    )

    await on_behalf.confirm(act, actor=second, now=NOW)
    assert acted.calls == [("as typed", second.person_id, "QMM", act.public_id)]
    owed = await told()
    assert ("on_behalf_confirmed", str(first.person_id)) in owed
    assert ("on_behalf_told_to_state", str(focal_point.person_id)) in owed
    assert await Task.filter(closed_at=None).count() == 0
    trail = await AuditEntry.all().order_by("seq")
    assert [(row.action, row.on_behalf_of) for row in trail][1:] == [
        ("on_behalf.recorded", "QMM"),
        ("tests.acted", "QMM"),
        ("on_behalf.confirmed", "QMM"),
    ]


async def test_four_eyes(acted: Acted) -> None:
    recorder = await people.coordinator("QMM")
    act = await on_behalf.record(recording(), actor=recorder, now=NOW)
    others = [
        recorder,
        await people.coordinator("QNN"),
        await people.focal_point("QMM"),
        await people.partner_admin(),
        await people.actor(await people.member(Role.ADMIN)),
        await people.actor(await people.member(Role.DUE_DILIGENCE)),
    ]
    for actor in others:
        with pytest.raises(NotAllowed):
            await on_behalf.confirm(act, actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            await on_behalf.refuse(act, reason="x", actor=actor, now=NOW)

    assert acted.calls == []


async def test_a_command_that_refuses_undoes_the_confirmation(acted: Acted) -> None:
    recorder, approver = await people.coordinator("QMM"), await people.approver()
    act = await on_behalf.record(recording(), actor=recorder, now=NOW)
    acted.refuses = True
    with pytest.raises(Conflict, match="moved on"):
        await on_behalf.confirm(act, actor=approver, now=NOW)
    await act.refresh_from_db()

    assert act.confirmed_at is None
    assert await Task.filter(closed_at=None).count() == 1
    assert not await AuditEntry.exists(action="tests.acted")


async def test_a_refusal_carries_nothing_out_and_tells_the_recorder(acted: Acted) -> None:
    recorder, approver = await people.coordinator("QMM"), await people.approver()
    act = await on_behalf.record(recording(), actor=recorder, now=NOW)
    await on_behalf.refuse(act, reason="Another request", actor=approver, now=NOW)
    await act.refresh_from_db()

    assert (act.refusal, acted.calls) == ("Another request", [])
    assert ("on_behalf_refused", str(recorder.person_id)) in await told()
    with pytest.raises(Conflict):
        await on_behalf.confirm(act, actor=approver, now=NOW)


async def test_confirmations_at_once_act_once(acted: Acted) -> None:
    recorder = await people.coordinator("QMM")
    act = await on_behalf.record(recording(), actor=recorder, now=NOW)
    approvers = [await people.approver() for _ in range(5)]

    async def tried(actor: Actor) -> bool:
        try:
            await on_behalf.confirm(act, actor=actor, now=NOW)
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(*map(tried, approvers))) == [False] * 4 + [True]
    assert len(acted.calls) == 1


async def test_only_a_coordinator_of_that_state_records() -> None:
    for actor in (
        await people.coordinator("QNN"),
        await people.approver(),
        await people.focal_point("QMM"),
    ):
        with pytest.raises(NotAllowed):
            await on_behalf.record(recording(), actor=actor, now=NOW)
    everywhere = await people.coordinator()
    with pytest.raises(NotAllowed):
        await on_behalf.record(recording(state="QNN"), actor=everywhere, now=NOW)
    with pytest.raises(Conflict):
        await on_behalf.record(recording(command="tests.none"), actor=everywhere, now=NOW)
    assert await ActOnBehalf.all().count() + await Attachment.all().count() == 0


async def test_a_sealed_act_exists_for_the_assigned_and_the_state_alone() -> None:
    recorder, assigned = await people.coordinator("QMM"), await people.approver()
    assert recorder.person_id
    assert assigned.person_id
    named = frozenset({recorder.person_id, assigned.person_id})
    act = await on_behalf.record(recording(assigned=named), actor=recorder, now=NOW)
    strangers = [
        await people.coordinator("QMM"),
        await people.approver(),
        await people.actor(await people.member(Role.AUDITOR)),
        await people.focal_point("QNN"),
        await people.partner_admin(),
    ]

    may_open = attachment_policies["act_on_behalf"]
    for actor in strangers:
        assert await acts.visible_to(actor).count() == 0
        assert not await may_open(actor, act.id)
    for actor in (recorder, assigned, await people.focal_point("QMM")):
        assert await acts.visible_to(actor).count() == 1
        assert await may_open(actor, act.id)
        assert len(await attachments_of(actor, act.id)) == 1
    tasks = await Task.filter(closed_at=None)
    assert [task.person_id for task in tasks] == [assigned.person_id]
    asked = {person for message, person in await told() if message != "activation_invited"}
    assert asked == {str(assigned.person_id)}


@pytest.mark.usefixtures("app")
def test_acts_are_named_in_the_readers_language() -> None:
    real = [each for each in on_behalf.commands.values() if not each.name.startswith("tests.")]
    said = [label for each in real for label in (each.label, *(f.label for f in each.fields))]
    assert len(said) > 20
    assert [label for label in said if not isinstance(label, LazyMessage)] == []
