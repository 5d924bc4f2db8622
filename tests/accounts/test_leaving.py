"""People leave: nothing that waited for them is left with nobody."""

import asyncio

import pytest

from concord.accounts import actions
from concord.accounts.models import Membership, Person, RecoveryCode, Session, Token
from concord.accounts.states import PersonState
from concord.actor import Role
from concord.audit import AuditEntry
from concord.errors import Conflict, NotAllowed
from concord.inbox.actions import open_task
from concord.inbox.models import Task
from concord.jobs import Outbox
from concord.organizations.models import Organization
from concord.settings import Settings
from tests.conftest import NOW, Client, Clock, SignIn
from tests.factories.accounts import account
from tests.factories.people import actor, member, organization


async def task(
    roles: set[Role],
    *,
    person: Membership | None = None,
    at: Organization | None = None,
    state: str | None = None,
    subject: Membership | None = None,
) -> Task:
    """Something open; its subject is of no matter here."""
    subject = subject or await member(Role.AUDITOR)
    await open_task(
        "review_request",
        subject_kind="request",
        subject_id=subject.id,
        subject_public_id="REQ-7K3Q-9D",
        roles=roles,
        now=NOW,
        organization_id=at.id if at else None,
        state=state,
        person_id=person.person_id if person else None,
    )
    return await Task.filter(subject_id=subject.id).order_by("-created_at").first() or Task()


async def person_of(membership: Membership) -> Person:
    return await Person.get(id=membership.person_id)


async def leave(leaver: Membership, heir: Membership | None = None) -> int:
    admin = await actor(await member(Role.ADMIN))
    return await actions.deactivate(
        await person_of(leaver),
        hand_over_to=await person_of(heir) if heir else None,
        actor=admin,
        now=NOW,
    )


async def test_tasks_by_name_move_to_the_heir_who_is_told(app: object) -> None:
    leaver, heir = await member(Role.COORDINATOR), await member(Role.COORDINATOR)
    first = await task({Role.COORDINATOR}, person=leaver)
    await task({Role.COORDINATOR}, person=leaver)

    assert await leave(leaver, heir) == 2

    assert (await Task.get(id=first.id)).person_id == heir.person_id
    owed = await Outbox.get()
    assert (owed.payload["message"], owed.payload["person"], owed.payload["payload"]) == (
        "tasks_handed_over",
        str(heir.person_id),
        {"tasks": 2},
    )
    assert (await AuditEntry.get()).facts == {"heir": str(heir.person_id), "moved": 2}


async def test_a_task_that_the_heir_has_already_is_closed(app: object) -> None:
    leaver, heir = await member(Role.COORDINATOR), await member(Role.COORDINATOR)
    subject = await member(Role.AUDITOR)
    for person in (leaver, heir):
        await task({Role.COORDINATOR}, person=person, subject=subject)

    assert await leave(leaver, heir) == 0

    open_ones = await Task.filter(subject_id=subject.id, closed_at=None)
    assert [each.person_id for each in open_ones] == [heir.person_id]


async def test_tasks_by_name_need_an_heir(app: object) -> None:
    leaver = await member(Role.COORDINATOR)
    await member(Role.COORDINATOR)
    await task({Role.COORDINATOR}, person=leaver)

    with pytest.raises(Conflict, match="for nobody else"):
        await leave(leaver)

    assert (await person_of(leaver)).state is PersonState.ACTIVE
    assert (await Membership.get(id=leaver.id)).ended_at is None


async def test_the_heir_holds_the_same_role(app: object) -> None:
    leaver, auditor = await member(Role.COORDINATOR), await member(Role.AUDITOR)
    await task({Role.COORDINATOR}, person=leaver)

    with pytest.raises(Conflict, match="same role"):
        await leave(leaver, auditor)


async def test_what_waits_for_a_role_needs_somebody_in_it(app: object) -> None:
    place = await organization(state="QMM")
    leaver = await member(Role.FOCAL_POINT, place)
    await member(Role.FOCAL_POINT, await organization(state="QNN"))
    await task({Role.FOCAL_POINT, Role.ALTERNATE}, state="QMM")

    with pytest.raises(Conflict, match="for nobody else"):
        await leave(leaver)
    await member(Role.ALTERNATE, place)

    assert await leave(leaver) == 0


async def test_what_waits_at_an_organization_needs_somebody_there(app: object) -> None:
    place, other = await organization(), await organization()
    leaver = await member(Role.PARTNER_ADMIN, place)
    await member(Role.PARTNER_ADMIN, other)
    await task({Role.PARTNER_ADMIN}, at=place)

    with pytest.raises(Conflict):
        await leave(leaver)


async def test_coordinators_of_other_states_cannot_take_a_task(app: object) -> None:
    leaver = await member(Role.COORDINATOR, states=("QMM",))
    await member(Role.COORDINATOR, states=("QNN",))
    await task({Role.COORDINATOR}, state="QMM")

    with pytest.raises(Conflict):
        await leave(leaver)
    await member(Role.COORDINATOR)

    assert await leave(leaver) == 0


async def test_a_smaller_set_of_states_leaves_no_task_with_nobody(app: object) -> None:
    admin = await actor(await member(Role.ADMIN))
    seat = await member(Role.COORDINATOR, states=("QMM", "QNN"))
    await task({Role.COORDINATOR}, state="QMM")

    with pytest.raises(Conflict):
        await actions.change_states(seat, ["QNN"], actor=admin, now=NOW)
    await actions.change_states(seat, ["QMM"], actor=admin, now=NOW)

    assert (await Membership.get(id=seat.id)).states == ["QMM"]


async def test_who_never_came_leaves_whatever_waits(app: object) -> None:
    place = await organization(state="QMM")
    leaver = await member(Role.FOCAL_POINT, place)
    await Person.filter(id=leaver.person_id).update(state=PersonState.INVITED)
    await task({Role.FOCAL_POINT}, state="QMM")

    assert await leave(leaver) == 0


async def test_a_closed_account_keeps_nothing_to_sign_in_with(
    client: Client, settings: Settings, clock: Clock
) -> None:
    known = await account(settings)
    await client.post("/sign-in", data=known.form(clock()))
    await client.post("/password/forgotten", data={"email": known.email})

    await leave(known.membership)

    person = await Person.get(id=known.person.id)
    assert (person.state, person.password_hash, person.totp_secret) == (
        PersonState.DEACTIVATED,
        None,
        None,
    )
    assert await Session.filter(ended_at=None).count() == 0
    assert await Token.filter(used_at=None).count() == 0
    assert await RecoveryCode.filter(person_id=person.id).count() == 0
    assert (await client.get("/account")).status_code == 303


async def test_the_last_administrator_stays(app: object) -> None:
    first, second = await member(Role.ADMIN), await member(Role.ADMIN)
    one, two = await actor(first), await actor(second)
    await actions.end_membership(second, hand_over_to=None, actor=one, now=NOW)

    with pytest.raises(Conflict, match="last administrator"):
        await actions.end_membership(first, hand_over_to=None, actor=one, now=NOW)
    with pytest.raises(Conflict, match="last administrator"):
        await actions.deactivate(await person_of(first), hand_over_to=None, actor=two, now=NOW)


async def test_two_administrators_who_close_each_other_leave_one(app: object) -> None:
    first, second = await member(Role.ADMIN), await member(Role.ADMIN)
    pairs = [(first, second), (second, first)]

    results = await asyncio.gather(
        *[
            actions.deactivate(
                await person_of(leaver), hand_over_to=None, actor=await actor(by), now=NOW
            )
            for leaver, by in pairs
        ],
        return_exceptions=True,
    )

    assert [type(result) for result in results if result != 0] == [Conflict]
    assert await Membership.filter(role=Role.ADMIN, ended_at=None).count() == 1


async def test_nobody_closes_their_own_account(app: object) -> None:
    admin = await member(Role.ADMIN)
    await member(Role.ADMIN)

    with pytest.raises(NotAllowed):
        await actions.deactivate(
            await person_of(admin), hand_over_to=None, actor=await actor(admin), now=NOW
        )


async def test_a_page_closes_an_account_and_hands_over(sign_in: SignIn) -> None:
    browser = await sign_in(await member(Role.ADMIN))
    leaver, heir = await member(Role.COORDINATOR), await member(Role.COORDINATOR)
    stranger = await member(Role.AUDITOR)
    waiting = await task({Role.COORDINATOR}, person=leaver)
    path = f"/admin/people/{leaver.person_id}"
    assert f'<option value="{heir.person_id}">' in (await browser.get(path)).text

    refused = await browser.post(f"{path}/deactivation", data={"hand_over_to": ""})
    wrong = await browser.post(
        f"{path}/deactivation", data={"hand_over_to": str(stranger.person_id)}
    )
    done = await browser.post(f"{path}/deactivation", data={"hand_over_to": str(heir.person_id)})

    assert (refused.status_code, wrong.status_code, done.status_code) == (409, 404, 303)
    assert (await Task.get(id=waiting.id)).person_id == heir.person_id
    assert "Closed" in (await browser.get(path)).text


async def test_an_ended_role_ends_the_sessions_in_it(sign_in: SignIn) -> None:
    browser = await sign_in(await member(Role.ADMIN))
    leaver = await member(Role.AUDITOR)
    theirs = await sign_in(leaver)

    response = await browser.post(f"/admin/people/{leaver.person_id}/memberships/{leaver.id}/end")

    assert response.status_code == 303
    assert (await theirs.get("/account")).status_code == 303
    assert (await person_of(leaver)).state is PersonState.ACTIVE
