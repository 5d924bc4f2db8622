"""The sample's requests, offers, labels, organizations and people are complete and coherent."""

import re
from collections import Counter, defaultdict
from datetime import date

import pytest

from concord.reference import tables
from concord.reference.languages import UI_LANGUAGES
from tests.demo.sample_rows import ILLUSTRATIVE, Row, by_id, closed_gates, rows, states_of, values

REQUESTS, OFFERS = by_id("requests"), by_id("offers")
LABELS, ORGANIZATIONS, PEOPLE = rows("labels"), rows("organizations"), rows("people")
TOPICS = {topic.code for topic in tables.topics() if topic.parent_code}
GROUPS = {topic.code for topic in tables.topics() if not topic.parent_code}
MODALITIES = {modality.code for modality in tables.modalities()}
UNITS = {unit.code for unit in tables.units()}
KINDS = {
    "state",
    "intergovernmental",
    "private_sector",
    "civil_society",
    "academia",
    "secretariat",
}
HOME = {row["name"]: row["state"] for row in ORGANIZATIONS}
COLUMNS = {
    "requests": "external_id,state,co_states,title,description,language,topics,modality,"
    "institution,quantity,unit,starts_on,ends_on,outcome,existing,confidentiality,urgent",
    "offers": "external_id,organization,organization_kind,title,description,language,topics,"
    "modality,capacity,unit,funding,starts_on,ends_on,delivery_languages,regions,excluded_states,past",
    "labels": "request,offer,grade",
    "organizations": "name,kind,state,website,description",
    "people": "key,name,email,role,organization,states,locale",
}
OF_AN_ITEM = {"topics", "modality", "institution", "quantity", "capacity", "unit"}
REAL_ORGANIZATIONS = re.compile(
    r"\b(INTERPOL|Europol|Eurojust|ASEANAPOL|AMERIPOL|AFRIPOL|UNICEF|OSCE|World Bank|"
    r"Council of Europe|European Union|African Union|Commonwealth|Microsoft|Google|Meta|Facebook|"
    r"WhatsApp|Telegram|Cellebrite|Chainalysis|Magnet|Kaspersky|Huawei|Tencent|Binance)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(("name", "columns"), COLUMNS.items())
def test_columns_are_those_of_the_import(name: str, columns: str) -> None:
    assert all(list(row) == columns.split(",") for row in rows(name))


def test_counts() -> None:
    assert len(REQUESTS) >= 34
    assert len(OFFERS) >= 66
    assert len({slots[0]["organization"] for slots in OFFERS.values()}) >= 22
    assert sum(len(items) > 1 for items in REQUESTS.values()) >= 5
    assert sum(bool(items[0]["co_states"]) for items in REQUESTS.values()) >= 3
    assert sum(items[0]["urgent"] == "yes" for items in REQUESTS.values()) >= 3


def test_classes_of_confidentiality() -> None:
    classes = Counter(items[0]["confidentiality"] for items in REQUESTS.values())
    assert set(classes) == {"public", "partners", "restricted", "sealed"}
    assert classes["restricted"] >= 3
    assert classes["sealed"] in {1, 2}


def test_every_topic_group_is_asked_for_and_offered() -> None:
    for records in (REQUESTS, OFFERS):
        first = {row["topics"].split(";")[0] for record in records.values() for row in record}
        assert {topic.split(".")[0] for topic in first} == GROUPS


def test_texts_are_written_in_all_six_languages() -> None:
    for records, least in ((REQUESTS, 5), (OFFERS, 8)):
        written = Counter(record[0]["language"] for record in records.values())
        assert set(written) == set(UI_LANGUAGES)
        assert min(written.values()) >= least


@pytest.mark.parametrize(
    "record", [*REQUESTS.values(), *OFFERS.values()], ids=[*REQUESTS, *OFFERS]
)
def test_codes_are_in_the_code_lists(record: list[Row]) -> None:
    for row in record:
        assert set(values(row["topics"])) <= TOPICS
        assert row["topics"]
        assert row["modality"] in MODALITIES
        assert row["unit"] in UNITS


@pytest.mark.parametrize(
    "record", [*REQUESTS.values(), *OFFERS.values()], ids=[*REQUESTS, *OFFERS]
)
def test_rows_of_one_record_differ_only_in_the_item(record: list[Row]) -> None:
    shared = [{key: row[key] for key in row if key not in OF_AN_ITEM} for row in record]
    assert shared == [shared[0]] * len(shared)


@pytest.mark.parametrize("items", REQUESTS.values(), ids=REQUESTS)
def test_request_is_complete(items: list[Row]) -> None:
    request = items[0]
    assert states_of(request) <= ILLUSTRATIVE
    assert request["state"] not in values(request["co_states"])
    assert 60 <= _words(request["description"], request["language"]) <= 150
    assert request["urgent"] in {"", "yes"}
    assert all(row["institution"] and int(row["quantity"]) > 0 for row in items)
    assert request["outcome"]
    assert request["existing"]
    starts, ends = (date.fromisoformat(request[key]) for key in ("starts_on", "ends_on"))
    assert date(2027, 1, 1) <= starts < ends <= date(2028, 6, 30)


@pytest.mark.parametrize("slots", OFFERS.values(), ids=OFFERS)
def test_offer_is_complete(slots: list[Row]) -> None:
    offer = slots[0]
    assert offer["organization_kind"] in KINDS
    assert 60 <= _words(offer["description"], offer["language"]) <= 120
    assert offer["funding"] in {"full", "partial", "none"}
    assert date.fromisoformat(offer["starts_on"]) < date.fromisoformat(offer["ends_on"])
    assert set(values(offer["delivery_languages"])) <= set(UI_LANGUAGES)
    assert set(values(offer["excluded_states"])) <= ILLUSTRATIVE
    assert set(values(offer["regions"])) <= {"Africa", "Americas", "Asia", "Europe", "Oceania"}
    for row in slots:
        unlimited = row["capacity"] == "unlimited"
        assert unlimited == (row["unit"] == "unlimited")
        assert unlimited or int(row["capacity"]) > 0


def test_one_request_is_filed_twice_in_two_languages() -> None:
    asked = defaultdict(set)
    for items in REQUESTS.values():
        same = tuple((row["state"], row["topics"], row["institution"]) for row in items)
        asked[same].add(items[0]["language"])
    assert [languages for languages in asked.values() if len(languages) > 1] == [{"fr", "en"}]


def test_labels_name_existing_records_once() -> None:
    pairs = [(row["request"], row["offer"]) for row in LABELS]
    assert len(pairs) == len(set(pairs))
    assert {request for request, _ in pairs} == set(REQUESTS)
    assert {offer for _, offer in pairs} == set(OFFERS)
    assert {row["grade"] for row in LABELS} == {"good", "middling", "wrong"}


@pytest.mark.parametrize("request_id", REQUESTS)
def test_every_request_has_offers_of_each_grade(request_id: str) -> None:
    grades, passing = Counter[str](), Counter[str]()
    for row in LABELS:
        if row["request"] == request_id:
            offer = OFFERS[row["offer"]]
            home = HOME[offer[0]["organization"]]
            grades[row["grade"]] += 1
            passing[row["grade"]] += not closed_gates(REQUESTS[request_id], offer, home=home)
    assert grades["good"] >= 2
    assert grades["middling"] >= 2
    assert grades["wrong"] >= 3
    assert passing["good"] == grades["good"]
    assert passing["middling"] >= 1
    assert passing["wrong"] >= 2


def test_good_offers_often_answer_in_another_original_language() -> None:
    good = [row for row in LABELS if row["grade"] == "good"]
    across = [
        row
        for row in good
        if REQUESTS[row["request"]][0]["language"] != OFFERS[row["offer"]][0]["language"]
    ]
    assert len(across) >= len(good) / 3


def test_organizations_of_offers_are_listed_with_their_kind() -> None:
    kinds = {row["name"]: row["kind"] for row in ORGANIZATIONS}
    assert set(kinds.values()) == KINDS
    assert len(kinds) == len(ORGANIZATIONS)
    for slots in OFFERS.values():
        assert kinds[slots[0]["organization"]] == slots[0]["organization_kind"]
    assert all((row["kind"] == "state") == (row["state"] in ILLUSTRATIVE) for row in ORGANIZATIONS)


def test_people_hold_every_role_needed() -> None:
    roles = Counter(row["role"] for row in PEOPLE)
    focal_points = {row["states"] for row in PEOPLE if row["role"] == "focal_point"}
    coordinated = [
        state
        for row in PEOPLE
        if row["role"] == "coordinator"
        for state in row["states"].split(";")
    ]
    admins = {row["organization"] for row in PEOPLE if row["role"] == "partner_admin"}
    assert focal_points == ILLUSTRATIVE
    assert sorted(coordinated) == sorted(ILLUSTRATIVE)
    assert admins == {slots[0]["organization"] for slots in OFFERS.values()}
    assert roles["coordinator"] == roles["approver"] == 2
    assert {"drafter", "observer", "alternate", "partner_member"} <= set(roles)
    assert {"due_diligence", "auditor", "admin"} <= set(roles)


def test_people_are_plainly_illustrative() -> None:
    assert len({row["key"] for row in PEOPLE}) == len({row["email"] for row in PEOPLE})
    assert len({row["key"] for row in PEOPLE}) == len(PEOPLE)
    for row in PEOPLE:
        assert row["email"].endswith("@example.org")
        assert re.search(r" (of Q[M-Z]|One|Two|[A-Z])$", row["name"])
        assert row["organization"] in HOME
        assert row["locale"] in UI_LANGUAGES


@pytest.mark.parametrize("name", COLUMNS)
def test_no_real_state_or_organization_is_named(name: str) -> None:
    names = {text for state in tables.states() for text in state.names.values()}
    han = {text for text in names if re.search(r"[\u4e00-\u9fff]", text)}
    words = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, names - han))})(?!\w)")
    text = "\n".join(value for row in rows(name) for value in row.values())
    text = text.replace("西班牙文", "")  # the language, not the State
    assert words.findall(text) == []
    assert [state for state in han if state in text] == []
    assert REAL_ORGANIZATIONS.findall(text) == []


def _words(text: str, language: str) -> float:
    """Words, or what Chinese says in as many: about 1.6 characters each."""
    if language == "zh":
        return len(re.findall(r"[\u4e00-\u9fff]", text)) / 1.6
    return len(text.split())
