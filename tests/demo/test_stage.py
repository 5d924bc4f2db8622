"""The cast and the calendar of the story."""

from datetime import UTC, date, datetime, timedelta

from concord.accounts import passwords
from concord.demo.cast import PASSWORD, organizations, people
from concord.demo.stage import WRITTEN_FOR, Days
from concord.organizations.states import OrganizationKind

END = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)


def test_offices_of_states_are_where_their_focal_points_are() -> None:
    offices = {each.name for each in organizations() if each.office}

    assert offices == {person.organization for person in people() if person.role == "focal_point"}
    assert len(offices) == 14


def test_other_organizations_of_a_state_provide() -> None:
    kinds = {each.name: each.kind for each in organizations()}

    assert kinds["Example Police College of QV"] is OrganizationKind.STATE


def test_demo_password_would_be_taken_from_anybody() -> None:
    flaws = {
        person.key: passwords.flaw(PASSWORD, email=person.email, name=person.name)
        for person in people()
    }

    assert {key: flaw for key, flaw in flaws.items() if flaw} == {}


def test_days_never_go_back_and_end_in_time() -> None:
    days = Days(end=END)
    moments = [days.before(40), days.before(40), days.next(), days.before(41), days.before(0)]

    assert moments == sorted(moments)
    assert moments[0] == datetime(2026, 12, 2, 8, 0, tzinfo=UTC)
    assert moments[-1] == END - timedelta(hours=7)
    assert [days.next() for _ in range(600)][-1] <= END


def test_sample_is_dated_for_a_day_from_which_its_windows_lie_ahead() -> None:
    assert date(2026, 11, 1) < WRITTEN_FOR < date(2027, 1, 15)
