"""Delivery: one message a person, day and channel; sent once; tried again with the same Message-ID."""

from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from plans.delivery import deliver, deliver_all
from plans.models import Message, Notice
from plans.models.notice import MAX_ATTEMPTS
from plans.notices import plan_due, tell
from plans.obligations import fulfil
from plans.stages import load_stages
from tests.factories.plans import local, make_dated_obligation, make_obligation
from tests.factories.units import make_department, make_member, make_unit
from units.models import Role

pytestmark = pytest.mark.django_db

NOON = local(2023, 8, 25, 12)


@pytest.fixture(autouse=True)
def stages():
    load_stages()


@pytest.fixture
def unit():
    return make_unit(code="691", name="Huyện Đoàn Lộc Ninh")


@pytest.fixture
def secretary(unit):
    return make_member(unit, email="bithu@locninh.invalid", full_name="Nguyễn Thị Bí Thư")


@pytest.fixture
def hostile(settings):
    """A mail server whose answers the test sets: reasons to fail, taken one a mail."""
    settings.EMAIL_BACKEND = f"{__name__}.HostileBackend"
    HostileBackend.answers = []
    HostileBackend.at_open = None
    yield HostileBackend
    HostileBackend.answers = []


class HostileBackend(EmailBackend):
    answers = []
    at_open = None

    def open(self):
        if self.at_open:
            raise self.at_open

    def send_messages(self, messages):
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer()
        return super().send_messages(messages)


def end_leases():
    Notice.objects.exclude(leased_until=None).update(leased_until=local(2020, 1, 1))


def remind(moment):
    plan_due(now=moment)
    return deliver_all(now=moment)


def test_reminder_reaches_inbox_and_mailbox(unit, secretary):
    make_obligation(unit, "2023-08")

    remind(local(2023, 8, 24))

    assert [message.subject for message in mail.outbox] == [
        "[Cần nộp] Báo cáo tháng 8/2023 – hạn hết ngày 25/8"
    ]
    assert mail.outbox[0].to == ["bithu@locninh.invalid"]
    inbox = Message.objects.get(channel="inbox")
    assert (inbox.recipient, inbox.subject) == (secretary, mail.outbox[0].subject)
    assert not Notice.objects.filter(sent_at=None).exists()


def test_mail_carries_the_stored_message_id_and_the_portals_date(unit, secretary):
    make_obligation(unit, "2023-08")

    remind(NOON)

    sent = mail.outbox[0].message()
    assert sent["Message-ID"] == Message.objects.get(channel="email").message_id
    assert parsedate_to_datetime(sent["Date"]) == NOON


def test_delivering_twice_sends_once(unit, secretary):
    make_obligation(unit, "2023-08")

    remind(NOON)
    remind(NOON)

    assert len(mail.outbox) == 1
    assert Message.objects.count() == 2


def test_several_works_of_a_person_share_one_message(unit, secretary):
    make_obligation(unit, "2023-02")
    make_dated_obligation(unit, "launch_event", due_at=local(2023, 2, 27, 23), title="Ra quân " * 10)

    remind(local(2023, 2, 27))

    (message,) = mail.outbox
    assert message.subject == (
        "[Cần làm] 2 việc: Đã ra quân (hôm nay là hạn), Báo cáo tháng 2/2023 (hôm nay là hạn)"
    )
    assert "2. Huyện Đoàn Lộc Ninh chưa gửi «Báo cáo tháng 2/2023»" in message.body
    assert Message.objects.filter(channel="email").count() == 1
    assert Notice.objects.filter(channel="email", message__channel="email").count() == 2


def test_officer_gets_one_digest_of_all_late_units():
    officer = make_member(make_department(), Role.OFFICER)
    for name in ("Huyện Đoàn Bù Đốp", "Huyện Đoàn Hớn Quản"):
        unit = make_unit(name=name)
        make_member(unit)
        make_obligation(unit, "2023-08")
    plan_due(now=local(2023, 8, 28))

    deliver_all(now=local(2023, 8, 28))

    (digest,) = [message for message in mail.outbox if message.to == [officer.email]]
    assert digest.subject == "[Đôn đốc] 2 việc đơn vị chưa gửi: Bù Đốp, Hớn Quản"


def test_leader_gets_a_digest_of_their_own():
    leader = make_member(make_unit(kind="province", name="Tỉnh Đoàn"), Role.LEADER)
    for name in ("Huyện Đoàn Bù Đốp", "Huyện Đoàn Hớn Quản"):
        make_obligation(make_unit(name=name), "2023-08")

    remind(local(2023, 8, 30))

    (digest,) = [message for message in mail.outbox if message.to == [leader.email]]
    assert digest.subject == "[Báo cáo Thường trực] 2 việc quá hạn: Bù Đốp, Hớn Quản"


def test_stand_in_is_told_why(unit):
    make_member(make_department(), Role.OFFICER)
    make_obligation(unit, "2023-08")

    remind(NOON)

    assert "chưa có Bí thư, Phó Bí thư trên cổng" in mail.outbox[0].body
    assert mail.outbox[0].subject == (
        "[Đôn đốc] Huyện Đoàn Lộc Ninh chưa gửi Báo cáo tháng 8/2023 – hôm nay là hạn"
    )


def test_link_in_the_mail_is_absolute(unit, secretary, settings):
    settings.SITE_URL = "https://cong.thu.invalid"
    make_obligation(unit, "2023-08")

    remind(NOON)

    assert "https://cong.thu.invalid/" in mail.outbox[0].body


def test_nothing_is_mailed_in_quiet_hours(unit, secretary):
    make_obligation(unit, "2023-03")
    plan_due(now=local(2023, 3, 24, 20, 40))

    deliver_all(now=local(2023, 3, 24, 21))
    assert mail.outbox == []

    deliver_all(now=local(2023, 3, 25, 7))
    assert len(mail.outbox) == 1


def test_what_waited_through_the_night_speaks_of_the_new_day(unit, secretary):
    make_obligation(unit, "2023-08")
    plan_due(now=local(2023, 8, 24, 21))

    remind(local(2023, 8, 25, 7))

    assert [message.subject for message in mail.outbox] == ["[Cần nộp] Báo cáo tháng 8/2023 – hôm nay là hạn"]


def test_handed_in_after_the_claim_is_not_mailed(hostile):
    obligations = [make_obligation(make_member(make_unit()).posts.get().unit, "2023-08") for _ in range(2)]
    plan_due(now=NOON)

    def hand_in_both():
        for obligation in obligations:
            fulfil(obligation, at=NOON, by=None)

    hostile.answers = [hand_in_both]

    deliver(now=NOON)

    assert len(mail.outbox) == 1
    assert Notice.objects.filter(channel="email").exclude(cancelled_at=None).count() == 1


def test_batch_that_lost_its_reason_does_not_end_the_delivery(hostile):
    obligations = [make_obligation(make_member(make_unit()).posts.get().unit, "2023-08") for _ in range(3)]
    plan_due(now=NOON)
    hostile.answers = [lambda: fulfil(obligations[1], at=NOON, by=None)]

    deliver_all(now=NOON, batch=1)

    assert len(mail.outbox) == 2
    assert not Notice.objects.waiting().exists()


def test_message_is_written_again_when_part_of_it_was_handed_in(unit, secretary, hostile):
    make_obligation(unit, "2023-02")
    board_list = make_dated_obligation(unit, "command_board_list")
    hostile.at_open = ConnectionRefusedError("refused")
    remind(local(2023, 2, 27))
    before = Message.objects.get(channel="email")
    fulfil(board_list, at=local(2023, 2, 27, 9), by=secretary)
    end_leases()
    hostile.at_open = None

    remind(local(2023, 2, 27, 10))

    (message,) = mail.outbox
    assert message.subject.startswith("[Cần nộp] Báo cáo tháng 2/2023")
    assert message.extra_headers["Message-ID"] == before.message_id


def test_server_away_keeps_the_mail_and_counts_no_attempt(unit, secretary, hostile):
    make_obligation(unit, "2023-08")
    hostile.at_open = ConnectionRefusedError("refused")

    outcome = remind(NOON)

    notice = Notice.objects.get(channel="email")
    assert outcome.server_away
    assert (notice.sent_at, notice.attempts, notice.error) == (None, 0, "ConnectionRefusedError: refused")


def test_retry_uses_the_same_message_id(unit, secretary, hostile):
    make_obligation(unit, "2023-08")
    hostile.answers = [SMTPServerDisconnected("gone after DATA")]
    remind(NOON)
    message_id = Message.objects.get(channel="email").message_id
    end_leases()

    remind(NOON + timedelta(minutes=5))

    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [message_id]
    assert Notice.objects.get(channel="email").attempts == 2


def test_failed_mail_rests_before_the_next_attempt(unit, secretary, hostile):
    make_obligation(unit, "2023-08")
    hostile.answers = [SMTPServerDisconnected("gone")]

    outcome = remind(NOON)
    remind(NOON)

    assert len(outcome.failed) == 1
    assert mail.outbox == []
    assert Notice.objects.get(channel="email").error == "SMTPServerDisconnected: gone"


def test_one_refused_address_does_not_stop_the_others(hostile):
    for _ in range(3):
        make_obligation(make_member(make_unit()).posts.get().unit, "2023-08")
    hostile.answers = [SMTPRecipientsRefused({"x": (550, b"no such user")})]

    outcome = remind(NOON)

    assert (len(mail.outbox), len(outcome.failed)) == (2, 1)


def test_given_up_after_the_last_attempt_and_shown_to_admins(unit, secretary, hostile):
    make_obligation(unit, "2023-08")
    hostile.answers = [SMTPServerDisconnected("gone")] * (MAX_ATTEMPTS + 5)

    for _ in range(MAX_ATTEMPTS + 2):
        remind(NOON)
        end_leases()

    assert [notice.attempts for notice in Notice.objects.given_up()] == [MAX_ATTEMPTS]
    assert len(hostile.answers) == 5


def test_lease_of_another_worker_is_respected(unit, secretary):
    make_obligation(unit, "2023-08")
    plan_due(now=NOON)
    Notice.objects.filter(channel="email").update(leased_until=local(2099, 1, 1))

    deliver_all(now=NOON)

    assert mail.outbox == []


def test_worker_whose_lease_was_taken_over_does_not_send(unit, secretary, hostile):
    other = make_member(make_unit())
    for person in (secretary, other):
        make_obligation(person.posts.get().unit, "2023-08")
    plan_due(now=NOON)

    def other_worker_claims():
        Notice.objects.filter(channel="email", sent_at=None).update(leased_until=local(2099, 1, 1))

    hostile.answers = [other_worker_claims]

    deliver(now=NOON)

    assert len(mail.outbox) == 1


def test_account_closed_after_planning_gets_nothing(unit, secretary):
    make_obligation(unit, "2023-08")
    plan_due(now=NOON)
    secretary.is_active = False
    secretary.save()

    deliver_all(now=NOON)

    assert mail.outbox == []
    assert not Message.objects.exists()


def test_news_is_mailed_with_its_own_subject(secretary):
    tell(
        subject_key="version:7",
        stage="accepted",
        recipients=[secretary],
        title="[Đã tiếp nhận] Báo cáo tháng 8/2023",
        text="Ban Phong trào đã tiếp nhận báo cáo.",
        url="/bao-cao/7/",
        now=NOON,
    )

    deliver_all(now=NOON)

    (message,) = mail.outbox
    assert message.subject == "[Đã tiếp nhận] Báo cáo tháng 8/2023"
    assert "Ban Phong trào đã tiếp nhận báo cáo.\n" in message.body
    assert "http://127.0.0.1:8000/bao-cao/7/" in message.body


def test_line_breaks_of_a_title_never_reach_the_header(secretary):
    tell(
        subject_key="version:7",
        stage="accepted",
        recipients=[secretary],
        title="Tin\r\nBcc: la@thu.invalid",
        text="Nội dung",
        url="/",
        now=NOON,
    )

    deliver_all(now=NOON)

    assert mail.outbox[0].subject == "Tin Bcc: la@thu.invalid"


def test_words_are_not_escaped_as_html(secretary, unit):
    unit.name = "Đoàn khối Các cơ quan & Doanh nghiệp"
    unit.save()
    make_obligation(unit, "2023-08")

    remind(NOON)

    assert "Các cơ quan & Doanh nghiệp" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("form", "day", "words"),
    [
        ("command_board_list", date(2023, 2, 24), "hạn hết ngày 27/02"),
        (
            "command_board_list",
            date(2023, 2, 27),
            "hôm nay là hạn, hết thứ Hai 27/02 (văn bản ghi: trước ngày 28/02)",
        ),
        (
            "command_board_list",
            date(2023, 2, 28),
            "đã quá hạn (hạn: hết ngày 27/02; văn bản ghi: trước ngày 28/02)",
        ),
        ("launch_event", date(2023, 3, 18), "hôm nay là hạn"),
        (
            "launch_report",
            date(2023, 3, 20),
            "hạn được tính đến hết hôm nay, thứ Hai 20/3 (văn bản ghi: trước ngày 20/3)",
        ),
        (
            "monthly_report",
            date(2023, 3, 25),
            "hạn được tính đến hết thứ Hai 27/3 (văn bản ghi: ngày 25/3)",
        ),
        ("monthly_report", date(2023, 3, 27), "hôm nay là hạn, hết thứ Hai 27/3 (văn bản ghi: ngày 25/3)"),
        ("monthly_report", date(2023, 3, 28), "đã quá hạn (hạn: hết ngày 27/3; văn bản ghi: ngày 25/3)"),
    ],
)
def test_subject_says_what_the_day_is(unit, secretary, form, day, words):
    if form == "monthly_report":
        make_obligation(unit, "2023-03")
    else:
        make_dated_obligation(unit, form)

    remind(local(day.year, day.month, day.day))

    assert mail.outbox[0].subject.endswith(f" – {words}")


@pytest.mark.parametrize("people", [1, 10])
def test_a_mail_costs_two_statements_beside_the_batch(people, django_assert_num_queries):
    for _ in range(people):
        make_obligation(make_member(make_unit()).posts.get().unit, "2023-08")
    plan_due(now=NOON)

    # Nine for the claim: savepoint and release, people, notices, posts, stages, messages, clock, marks.
    with django_assert_num_queries(9 + 2 * people):
        deliver(now=NOON)
