"""What a State wrote on paper about a request or a match is carried out by a second person."""

from datetime import date

import pytest

from concord.actor import Actor
from concord.errors import Conflict, NotAllowed
from concord.matches import on_paper
from concord.matches.models import Consent, MatchStep
from concord.matches.requests_on_paper import ACTS, MERGE, RESUME, SUSPEND, WITHDRAW, of_lead
from concord.matches.routes import routes
from concord.matches.states import MatchState
from concord.organizations import on_behalf
from concord.organizations.models import ActOnBehalf
from concord.organizations.values import NoteVerbale
from concord.requests import behalf
from concord.requests.actions import ask_merge
from concord.requests.models import Request, RequestStep
from concord.requests.states import RequestState
from concord.web.forms import Upload
from tests.conftest import NOW
from tests.factories import people
from tests.factories.matches import approved, cast, consented, fresh, open_request
from tests.matches.conftest import Browse

pytestmark = pytest.mark.usefixtures("database")
S = RequestState
NOTE = Upload("note.txt", b"The Permanent Mission presents its compliments.")
assert routes  # the acts are registered where the routes are put together


async def recorded(
    command: str, subject: on_behalf.Subject, by: Actor, *, state: str = "QMM"
) -> ActOnBehalf:
    recording = on_behalf.Recording(
        command=command,
        subject=subject,
        state=state,
        note=NoteVerbale(reference="NV 12/2027", date=date(2027, 1, 8)),
        file=NOTE,
    )
    return await on_behalf.record(recording, actor=by, now=NOW)


@pytest.mark.parametrize(
    ("command", "stage", "target", "then"),
    [
        (WITHDRAW, S.OPEN, S.WITHDRAWN, MatchState.CANCELLED),
        (SUSPEND, S.OPEN, S.SUSPENDED, MatchState.SUSPENDED),
        (RESUME, S.SUSPENDED, S.OPEN, MatchState.APPROVED),
    ],
)
async def test_the_lead_states_word_reaches_the_matches(
    command: str, stage: S, target: S, then: MatchState
) -> None:
    players = await cast()
    request = await open_request()
    match = await approved(players, request=request)
    if stage is S.SUSPENDED:
        await ACTS[SUSPEND][1](
            request, {}, players.approver, NOW, on_paper.paper({"note_reference": "NV 1"}, "QMM")
        )
    subject = await of_lead(players.coordinator, request.public_id)
    act = await recorded(command, subject, players.coordinator)
    with pytest.raises(NotAllowed):
        await on_behalf.confirm(act, actor=players.coordinator, now=NOW)
    await on_behalf.confirm(act, actor=players.approver, now=NOW)

    assert (await Request.get(id=request.id)).state is target
    assert (await fresh(match)).state is then
    step = await RequestStep.filter(request_id=request.id, target=target).order_by("-at").first()
    assert step is not None
    assert (step.on_behalf_of, step.person_id) == ("QMM", players.approver.person_id)


async def test_a_co_requesting_state_does_not_stop_the_request() -> None:
    players = await cast()
    request = await open_request(co_states=["QNN"])
    subject = await of_lead(players.coordinator, request.public_id)
    with pytest.raises(NotAllowed):
        await recorded(WITHDRAW, subject, players.coordinator, state="QNN")
    for _label, act, _fields, _applies in list(ACTS.values())[:2]:
        said = on_paper.paper({}, "QNN")
        with pytest.raises(NotAllowed):
            await act(request, {}, players.approver, NOW, said)


async def test_consent_is_taken_back_on_paper() -> None:
    players = await cast()
    match = await consented(players)
    subject = await on_paper.subject(players.coordinator, match.public_id)
    act = await recorded(on_paper.WITHDRAW_CONSENT, subject, players.coordinator)
    await on_behalf.confirm(act, actor=players.approver, now=NOW)

    assert (await fresh(match)).state is MatchState.PROPOSED
    assert not await Consent.filter(match_id=match.id, withdrawn_at=None).exists()
    step = await MatchStep.get(match_id=match.id, verb="withdraw_consent")
    assert step.on_behalf_of == "QMM"


async def test_a_state_without_users_confirms_a_merger_on_paper() -> None:
    players = await cast()
    one, other = await open_request(co_states=["QNN"]), await open_request(co_states=["QNN"])
    await ask_merge(one, other, version=one.version, actor=players.coordinator, now=NOW)
    office = await people.coordinator()
    for state in ("QNN", "QMM"):
        subject = await behalf.subject(office, one.public_id)
        act = await recorded(MERGE, subject, office, state=state)
        await on_behalf.confirm(act, actor=players.approver, now=NOW)

    assert (await Request.get(id=one.id)).state is S.MERGED
    step = await RequestStep.get(request_id=one.id, verb="merge")
    assert step.on_behalf_of == "QMM"


async def test_no_merger_on_paper_that_nobody_asked_for() -> None:
    players = await cast()
    request = await open_request()
    subject = await behalf.subject(players.coordinator, request.public_id)
    act = await recorded(MERGE, subject, players.coordinator)
    with pytest.raises(Conflict):
        await on_behalf.confirm(act, actor=await people.approver(), now=NOW)


async def test_the_pages_lead_a_coordinator_to_these_acts(browse: Browse) -> None:
    players = await cast()
    request = await open_request()
    match = await consented(players, request=request)
    browser = await browse(players.coordinator)
    shown = {
        f"/requests/{request.public_id}": (WITHDRAW, SUSPEND),
        f"/matches/{match.public_id}": (on_paper.WITHDRAW_CONSENT,),
    }
    for address, commands in shown.items():
        page = (await browser.get(address)).text
        for command in commands:
            assert f"command={command}" in page
        assert f"command={MERGE}" not in page
        assert f"command={RESUME}" not in page
    for command in (WITHDRAW, SUSPEND):
        form = await browser.get(on_behalf.address(command, request.public_id))
        assert form.status_code == 200
