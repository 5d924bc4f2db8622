"""A need that was not met is taken up again by a draft that follows the closed request."""

import pytest

from concord.errors import Conflict, NotAllowed
from concord.requests.actions import follow_up, take_up
from concord.requests.models import RequestItem
from concord.requests.states import RequestState
from concord.requests.values import FollowUp
from tests.conftest import NOW
from tests.factories import people
from tests.factories import requests as make

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("answer", [FollowUp.NO, FollowUp.PARTLY])
async def test_what_was_not_met_is_taken_up_once(answer: FollowUp) -> None:
    focal = await people.focal_point()
    request = await make.open_request(stage=RequestState.CLOSED, due_at=NOW)
    await follow_up(request, answer=answer, actor=focal, now=NOW)

    draft = await take_up(request, actor=focal, now=NOW)

    assert (draft.state, draft.follows_id, draft.title) == (
        RequestState.DRAFT,
        request.id,
        request.title,
    )
    assert (draft.starts_on, draft.ends_on) == (None, None)
    items = RequestItem.filter(request_id=draft.id)
    assert await items.count() == await RequestItem.filter(request_id=request.id).count()
    assert all((item.reserved, item.delivered) == (0, 0) for item in await items)
    with pytest.raises(Conflict):
        await take_up(request, actor=focal, now=NOW)


async def test_what_was_met_or_is_not_yet_asked_is_not() -> None:
    focal = await people.focal_point()
    request = await make.open_request(stage=RequestState.CLOSED, due_at=NOW)
    with pytest.raises(Conflict):
        await take_up(request, actor=focal, now=NOW)
    await follow_up(request, answer=FollowUp.YES, actor=focal, now=NOW)
    with pytest.raises(Conflict):
        await take_up(request, actor=focal, now=NOW)
    with pytest.raises(NotAllowed):
        await take_up(request, actor=await people.focal_point("QNN"), now=NOW)
