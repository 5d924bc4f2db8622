"""Administrators edit labels and flags of the code lists; codes stay."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial

import pytest
import pytest_asyncio

from concord.actor import Role
from concord.audit import AuditEntry
from concord.database import transaction
from concord.errors import NotAllowed, NotFound, StaleVersion
from concord.organizations import actions
from concord.organizations.code_lists import CODE_LISTS
from concord.organizations.values import CodeListEdit
from concord.reference.loading import load_reference
from concord.reference.models import Modality, Unit
from concord.reference.queries import code_lists, forget
from tests.conftest import NOW, SignIn
from tests.factories import people
from tests.sheets import rows_of

pytestmark = pytest.mark.usefixtures("database", "restored")
BASE = "/admin/code-lists"


@pytest_asyncio.fixture
async def restored(database: None) -> AsyncIterator[None]:
    """Code lists outlive a test: set back what it edited."""
    yield
    for listed in CODE_LISTS.values():
        await listed.model.all().update(edited_at=None, active=True)
    await load_reference(illustrative=True)
    forget()


async def modality() -> Modality:
    found = await Modality.all().order_by("number").first()
    assert found is not None
    return found


async def test_an_edit_is_seen_at_once_and_guarded(sign_in: SignIn) -> None:
    row = await modality()
    browser = await sign_in(await people.member(Role.ADMIN))
    address = f"{BASE}/modalities/{row.code}"
    assert row.label in (await browser.get(address)).text
    sent = {"label": "Relabelled", "cooling_days": "33", "edited_at": ""}
    saved = await browser.post(address, data=sent)
    assert saved.headers["location"] == f"{BASE}/modalities"
    entry = (await code_lists()).modalities[row.code]
    assert (entry.label, entry.cooling_days, entry.active) == ("Relabelled", 33, False)
    assert "Switched off" in (await browser.get(f"{BASE}/modalities")).text

    stale = await browser.post(address, data=sent | {"label": "Typed"})
    assert stale.status_code == 409
    assert "Typed" in stale.text
    assert "Relabelled" in stale.text
    trail = await AuditEntry.get(action="code_list.edited")
    assert trail.facts == {
        "list": "modalities",
        "code": row.code,
        "fields": ["active", "cooling_days", "label"],
    }


async def test_the_lists_in_memory_change_with_the_commit_never_before(database: None) -> None:
    row = await modality()
    admin = await people.actor(await people.member(Role.ADMIN))
    values = CodeListEdit(label="Relabelled", active=True, cooling_days=row.cooling_days)
    forget()

    async def known() -> str:
        return (await code_lists()).modalities[row.code].label

    async def edited(then: Callable[[], Awaitable[None]]) -> None:
        async with transaction():
            await actions.edit_code(
                "modalities", row.code, values, seen_at=None, actor=admin, now=NOW
            )
            assert await known() == row.label
            await then()

    async def break_off() -> None:
        raise ZeroDivisionError

    assert await known() == row.label
    with pytest.raises(ZeroDivisionError):
        await edited(break_off)
    assert await known() == row.label
    await edited(partial(asyncio.sleep, 0))
    assert await known() == "Relabelled"


async def test_flags_of_each_list_are_its_own(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.ADMIN))
    for name, flag in (("beneficiaries", "security_force"), ("topics", "safeguard")):
        row = await CODE_LISTS[name].model.all().order_by("number").first()
        assert row is not None
        before = getattr(row, flag)
        sent = {"label": row.label, "active": "yes", "cooling_days": "9"}
        await browser.post(
            f"{BASE}/{name}/{row.code}", data=sent | ({} if before else {flag: "yes"})
        )
        await row.refresh_from_db()
        assert getattr(row, flag) is (not before)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"label": "", "cooling_days": "1"}, "label"),
        ({"label": "x" * 121, "cooling_days": "1"}, "label"),
        ({"label": "x", "cooling_days": "-1"}, "cooling_days"),
        ({"label": "x", "cooling_days": "99999"}, "cooling_days"),
        ({"label": "a\u202eb", "cooling_days": "1"}, "label"),
    ],
)
async def test_nonsense_is_refused(sign_in: SignIn, sent: dict[str, str], field: str) -> None:
    row = await modality()
    browser = await sign_in(await people.member(Role.ADMIN))
    answer = await browser.post(f"{BASE}/modalities/{row.code}", data=sent)

    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_nobody_else_edits(sign_in: SignIn, role: Role) -> None:
    browser = await sign_in(await people.member(role))
    row = await modality()
    pages = [
        await browser.get(BASE),
        await browser.get(f"{BASE}/modalities"),
        await browser.get(f"{BASE}/modalities/{row.code}"),
        await browser.post(f"{BASE}/modalities/{row.code}", data={"label": "x"}),
    ]

    assert [page.status_code for page in pages] == [403, 403, 403, 403]


async def test_every_list_has_its_page_filter_and_csv(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.ADMIN))
    assert (await browser.get(BASE)).status_code == 200
    for name, listed in CODE_LISTS.items():
        rows = await listed.model.all().count()
        table = await browser.get(f"{BASE}/{name}?format=csv")
        assert len(rows_of(table.text)) == rows
        assert f"{rows} results" in (await browser.get(f"{BASE}/{name}")).text
    assert "No entry fits" in (await browser.get(f"{BASE}/units?q=zzzz")).text


async def test_unknown_lists_and_codes_do_not_exist(sign_in: SignIn) -> None:
    browser = await sign_in(await people.member(Role.ADMIN))
    for path in ("states", "states/QMM", "units/nothing", "modalities/none"):
        assert (await browser.get(f"{BASE}/{path}")).status_code == 404


async def test_the_action_checks_for_itself() -> None:
    admin = await people.actor(await people.member(Role.ADMIN))
    other = await people.coordinator()
    unit = await Unit.all().first()
    assert unit is not None
    edit = CodeListEdit(label="x", active=True)

    with pytest.raises(NotAllowed):
        await actions.edit_code("units", unit.code, edit, seen_at=None, actor=other, now=NOW)
    with pytest.raises(NotFound):
        await actions.edit_code("states", "QMM", edit, seen_at=None, actor=admin, now=NOW)
    with pytest.raises(StaleVersion):
        await actions.edit_code(
            "units", unit.code, edit, seen_at=NOW - timedelta(1), actor=admin, now=NOW
        )
