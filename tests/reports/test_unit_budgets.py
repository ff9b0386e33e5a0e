"""Budgets of the unit's pages: the same few queries at one and at thirty rows, and a small page.

Queries are counted whole, with session, user, posts and the count of unread notices.
"""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.models import Obligation
from reports.models import Version
from tests.factories.plans import local
from tests.factories.reports import fill_monthly, hand_in, obligation_of, photo_upload
from units.models import Event

from .unit_pages import address, member_of, save, sign_in

pytestmark = pytest.mark.django_db

SIGNED_IN = 3
READING_A_DRAFT = 4
KIBIBYTE = 1024


@pytest.fixture
def secretary(published_plan, client):
    return sign_in(client, member_of("692"))


@pytest.fixture
def march(published_plan, at):
    at("2023-03-24T16:20")
    return obligation_of("692", "2023-03")


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(url)
    assert response.status_code == 200
    statements = [query["sql"] for query in captured.captured_queries]
    assert len(statements) == len(set(statements)), "a query was asked twice"
    return len(statements)


def more_obligations(obligation, number):
    """Copies of an obligation under other periods, as an ad hoc year would have them."""
    for copy in range(number):
        row = Obligation.objects.get(pk=obligation.pk)
        row.pk, row.period_key, row._state.adding = None, f"2023-x{copy}", True
        row.save()


@pytest.mark.parametrize("rows", [0, 30])
def test_home_asks_at_most_eight_queries(client, march, secretary, rows):
    hand_in("692", "2023-02", {"T5.amount": "410"}, by=secretary, at=local(2023, 2, 24))
    more_obligations(march, rows)
    assert queries_of(client, "/") <= 8


@pytest.mark.parametrize("code", ["teams", "general", "finance_banking", "evidence", "next"])
def test_a_section_asks_at_most_eight_queries(client, march, secretary, code):
    hand_in("692", "2023-02", {"T5.amount": "410"}, by=secretary, at=local(2023, 2, 24))
    save(client, march, code, {"upload.photos": photo_upload()} if code == "evidence" else {})
    assert queries_of(client, address("report_section", march, code)) <= 8


@pytest.mark.parametrize("photos", [1, 9])
def test_photos_do_not_add_queries(client, march, secretary, photos):
    for number in range(photos):
        save(client, march, "evidence", {"upload.photos": photo_upload(size=(60 + number, 40))})
    assert queries_of(client, address("report_section", march, "evidence")) <= 8


def test_the_section_list_asks_at_most_eight_queries(client, march, secretary):
    save(client, march, "teams", {})
    assert queries_of(client, address("report_detail", march)) <= 8


def test_the_check_page_asks_at_most_ten_queries(client, march, secretary):
    save(client, march, "teams", {})
    assert queries_of(client, address("report_check", march)) <= 10


@pytest.mark.parametrize("rows", [1, 30])
def test_a_report_that_is_read_asks_the_same_at_any_length_of_history(client, march, secretary, rows):
    hand_in("692", "2023-03", {}, by=secretary)
    for _ in range(rows):
        Event.objects.create(
            verb="extend", subject_type="plans.obligation", subject_id=march.pk, actor=secretary
        )
    assert queries_of(client, address("report_detail", march)) <= 13


@pytest.mark.parametrize("rows", [0, 30])
@pytest.mark.parametrize("url", ["/bao-cao/", "/lich/"])
def test_lists_ask_at_most_eight_queries(client, march, secretary, rows, url):
    more_obligations(march, rows)
    assert queries_of(client, url) <= 8


@pytest.mark.parametrize("code", ["teams", "finance_banking", "general"])
def test_pages_are_small(client, march, secretary, code):
    for url in ("/", "/lich/", address("report_section", march, code)):
        assert len(client.get(url).content) <= 60 * KIBIBYTE


def test_pages_carry_nothing_inline(client, march, secretary):
    for url in ("/", address("report_detail", march), address("report_section", march, "general")):
        html = client.get(url).content.decode()
        assert " style=" not in html and "onclick" not in html and "<style" not in html


def test_hand_in_asks_the_same_few_queries_as_reading_the_draft_and_sending_it(client, march, secretary):
    save(client, march, "teams", {})
    fill_monthly(Version.objects.get(report__obligation=march), {"T5.amount": "1.020"}, by=secretary)
    data = {"signer_name": "Nguyễn Thị Hoa", "signer_title": "BÍ THƯ", "recipients": "Lưu: VP."}
    data |= {f"T{number}.blank": "on" for number in range(1, 20)}
    client.post(address("report_submit", march), data | {"action": "save"})
    with CaptureQueriesContext(connection) as captured:
        response = client.post(
            address("report_submit", march), data | {"action": "submit", "key": str(uuid.uuid4())}
        )
    assert response["Location"] == address("report_receipt", march)
    asked = [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= SIGNED_IN + READING_A_DRAFT + 15
