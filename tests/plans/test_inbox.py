"""The inbox: own messages only, unread first, opening marks read, a link to the work."""

import pytest
from django.urls import reverse

from plans.delivery import deliver_all
from plans.inbox import inbox_of, unread_count
from plans.models import Message
from plans.notices import plan_due, tell
from plans.stages import load_stages
from tests.factories.plans import local, make_dated_obligation, make_obligation
from tests.factories.units import make_member, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary():
    return make_member(make_unit(name="Huyện Đoàn Lộc Ninh"))


@pytest.fixture
def neighbour():
    return make_member(make_unit(name="Huyện Đoàn Bù Đốp"))


def send(user, title, *, hour=9, key=None):
    tell(
        subject_key=key or title,
        stage="note",
        recipients=[user],
        title=title,
        text=f"Nội dung của {title}",
        url="/lich/",
        now=local(2023, 8, 24, hour),
    )
    return Message.objects.get(subject=title)


def titles(messages):
    return [message.subject for message in messages]


def test_list_has_unread_first_then_the_newest(client, secretary):
    for hour, title in [(9, "Tin một"), (10, "Tin hai"), (11, "Tin ba")]:
        send(secretary, title, hour=hour)
    client.force_login(secretary)
    client.get(reverse("inbox_message", args=[Message.objects.get(subject="Tin ba").pk]))

    assert titles(inbox_of(secretary)) == ["Tin hai", "Tin một", "Tin ba"]


def test_list_shows_only_own_messages(client, secretary, neighbour):
    send(secretary, "Tin của Lộc Ninh")
    send(neighbour, "Tin của Bù Đốp")
    client.force_login(secretary)

    page = client.get(reverse("inbox")).content.decode()

    assert "Tin của Lộc Ninh" in page
    assert "Bù Đốp" not in page


def test_opening_a_message_marks_it_read_once(client, secretary, at):
    message = send(secretary, "Tin một")
    client.force_login(secretary)

    for moment in ("2023-08-24T10:00", "2023-08-24T11:00"):
        at(moment)
        assert client.get(reverse("inbox_message", args=[message.pk])).status_code == 200

    message.refresh_from_db()
    assert message.read_at == local(2023, 8, 24, 10)
    assert unread_count(secretary) == 0


def test_foreign_message_is_not_found_and_stays_unread(client, secretary, neighbour):
    message = send(neighbour, "Tin của Bù Đốp")
    client.force_login(secretary)

    response = client.get(reverse("inbox_message", args=[message.pk]))

    assert response.status_code == 404
    assert "Bù Đốp" not in response.content.decode()
    assert unread_count(neighbour) == 1


def test_mail_message_is_not_part_of_the_inbox(client, secretary):
    send(secretary, "Tin một")
    deliver_all(now=local(2023, 8, 24, 10))
    client.force_login(secretary)
    mail = Message.objects.get(channel="email")

    assert client.get(reverse("inbox_message", args=[mail.pk])).status_code == 404


def test_marking_all_read_leaves_others_alone(client, secretary, neighbour):
    send(secretary, "Tin một")
    send(neighbour, "Tin hai")
    client.force_login(secretary)

    client.post(reverse("inbox_read_all"))

    assert (unread_count(secretary), unread_count(neighbour)) == (0, 1)


def test_marking_all_read_by_get_is_refused(client, secretary):
    client.force_login(secretary)

    assert client.get(reverse("inbox_read_all")).status_code == 405


def test_reminder_links_each_work(client, secretary):
    load_stages()
    unit = secretary.posts.get().unit
    report = make_obligation(unit, "2023-02")
    launch = make_dated_obligation(unit, "command_board_list")
    now = local(2023, 2, 27)
    plan_due(now=now)
    deliver_all(now=now)
    client.force_login(secretary)

    page = client.get(
        reverse("inbox_message", args=[Message.objects.get(channel="inbox").pk])
    ).content.decode()

    for obligation in (report, launch):
        assert f'href="{reverse("report_detail", args=[obligation.pk])}"' in page


def test_stranger_is_sent_to_sign_in(client):
    response = client.get(reverse("inbox"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("login"))


def test_empty_inbox_says_what_will_come(client, secretary):
    client.force_login(secretary)

    assert "Chưa có thông báo nào" in client.get(reverse("inbox")).content.decode()


@pytest.mark.parametrize("page", ["2", "999", "-1", "abc", ""])
def test_any_page_number_is_answered(client, secretary, page):
    client.force_login(secretary)

    assert client.get(reverse("inbox"), {"trang": page}).status_code == 200


def test_html_of_a_message_is_inert(client, secretary):
    message = send(secretary, "<script>alert(1)</script>")
    client.force_login(secretary)

    assert "<script>alert" not in client.get(reverse("inbox")).content.decode()
    assert "<script>alert" not in client.get(reverse("inbox_message", args=[message.pk])).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_list_costs_the_same_for_one_message_and_for_thirty(
    client, secretary, django_assert_max_num_queries, count
):
    for number in range(count):
        send(secretary, f"Tin {number}")
    client.force_login(secretary)

    with django_assert_max_num_queries(10):
        client.get(reverse("inbox"))
