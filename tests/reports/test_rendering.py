"""Files of the rollup: by themselves on the morning after the deadline, on request, once whatever happens."""

import pytest
from kombu.exceptions import OperationalError

from doanportal import clock
from plans.models import Notice
from plans.obligations import extend
from reports import rendering
from reports.models import RollupFile
from reports.rendering import RenderingError, render, request_rollup_file, schedule_due
from reports.tasks import render_due_rollups, render_rollup_file
from tests.factories.plans import local
from tests.factories.reports import hand_in, obligation_of
from tests.factories.units import make_member
from units.models import Role, Unit

from .papers import pdf_sizes, pdf_text

pytestmark = pytest.mark.django_db

AFTER_MARCH = local(2023, 3, 28, 7)
FIGURES = {"T1.numerator": "92", "T1.denominator": "220", "T5.amount": "205"}


@pytest.fixture(scope="module")
def officer(published_plan):
    return make_member(Unit.objects.get(code="BPT"), Role.OFFICER)


@pytest.fixture
def reported(officer):
    secretary = make_member(Unit.objects.get(code="692"))
    return hand_in("692", "2023-03", FIGURES, by=secretary, at=local(2023, 3, 24, 20, 40))


@pytest.fixture
def sent(monkeypatch):
    """Ids handed to the broker, which is not there in these tests."""
    ids = []

    def send_task(name, args):
        assert name == "reports.tasks.render_rollup_file"
        ids.extend(args)

    monkeypatch.setattr(rendering.current_app, "send_task", send_task)
    return ids


@pytest.fixture
def quick(monkeypatch):
    """Renderers that only count how often they ran: for tests of the order of things."""
    runs = []
    for format in RollupFile.Format:
        monkeypatch.setitem(
            rendering.RENDERERS, format, lambda rollup, f=format: runs.append(f) or f.encode()
        )
    return runs


def files(period="2023-03"):
    return RollupFile.objects.filter(period_key=period)


def states():
    return sorted(files().values_list("format", "state"))


def test_morning_after_the_deadline_makes_all_four_from_the_same_figures(reported):
    (pk,) = schedule_due(now=AFTER_MARCH)
    render(RollupFile.objects.get(pk=pk), now=AFTER_MARCH)
    assert states() == [(format, "ready") for format in ("brief", "docx", "pdf", "xlsx")]
    made = {file.format: file for file in files()}
    text = pdf_text(made["pdf"].file.read())
    assert "có 1/14 đơn vị đã gửi báo cáo" in text and "92/220 41,8%" in text
    assert pdf_sizes(made["brief"].file.read()) == [(210, 297)]
    assert made["docx"].file.read()[:2] == made["xlsx"].file.read()[:2] == b"PK"
    assert all(len(file.sha256) == 64 and file.automatic for file in made.values())


@pytest.mark.parametrize(
    ("moment", "period"),
    [
        (local(2023, 3, 27, 23, 59), "2023-02"),
        (local(2023, 3, 28, 6, 59), "2023-02"),
        (AFTER_MARCH, "2023-03"),
        (local(2023, 4, 20), "2023-03"),
        (local(2023, 4, 26, 7), "2023-04"),
    ],
)
def test_month_is_due_from_seven_on_the_morning_after_its_deadline(officer, moment, period):
    schedule_due(now=moment)
    assert set(RollupFile.objects.values_list("period_key", flat=True)) == {period}


def test_nothing_is_due_before_the_first_deadline(officer):
    assert schedule_due(now=local(2023, 2, 27, 23)) == []
    assert not RollupFile.objects.exists()


def test_extension_of_one_unit_does_not_move_the_morning(officer):
    extend(obligation_of("692"), until=local(2023, 4, 5).date(), by=officer, reason="Mưa bão")
    schedule_due(now=AFTER_MARCH)
    assert files().count() == 4


def test_scheduling_twice_makes_the_rows_once(officer):
    first, second = schedule_due(now=AFTER_MARCH), schedule_due(now=AFTER_MARCH)
    assert first == second and len(first) == 1
    assert files().count() == 4


def test_second_delivery_of_a_task_has_no_effect(officer, quick):
    with clock.at(AFTER_MARCH):
        (pk,) = schedule_due()
        render_rollup_file(pk)
        before = list(files().order_by("pk").values())
        render_rollup_file(pk)
        render_rollup_file(pk + 1)
    assert list(files().order_by("pk").values()) == before
    assert len(quick) == 4
    assert schedule_due(now=AFTER_MARCH) == []


def test_unknown_id_has_no_effect(officer):
    render_rollup_file(999_999)


def test_officer_of_ban_phong_trao_is_told_once(officer, quick):
    with clock.at(AFTER_MARCH):
        (pk,) = schedule_due()
        render_rollup_file(pk)
        render_rollup_file(pk)
    notices = Notice.objects.filter(stage="rollup_ready", channel=Notice.Channel.INBOX)
    assert [notice.recipient for notice in notices] == [officer]
    assert notices[0].title == "[Tổng hợp] Báo cáo tổng hợp tháng 3/2023 đã sẵn sàng"
    assert "PDF, Word, Excel, PDF giao ban" in notices[0].text


def test_failure_stays_on_its_row_and_its_siblings_go_on(officer, quick, monkeypatch):
    def broken(rollup):
        raise RuntimeError("hết bộ nhớ")

    monkeypatch.setitem(rendering.RENDERERS, RollupFile.Format.XLSX, broken)
    (pk,) = schedule_due(now=AFTER_MARCH)
    render(RollupFile.objects.get(pk=pk), now=AFTER_MARCH)
    assert states() == [("brief", "ready"), ("docx", "ready"), ("pdf", "ready"), ("xlsx", "failed")]
    assert files().get(format="xlsx").error == "RuntimeError: hết bộ nhớ"
    assert "Không tạo được: Excel." in Notice.objects.filter(stage="rollup_ready").first().text


def test_request_waits_for_the_worker_and_is_handed_over_once(
    officer, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = request_rollup_file(period_key="2023-03", format="pdf", by=officer)
        second = request_rollup_file(period_key="2023-03", format="pdf", by=officer)
    assert first == second and first.state == "waiting" and not first.automatic
    assert sent == [first.pk]


def test_request_survives_a_missing_broker(officer, monkeypatch, quick, django_capture_on_commit_callbacks):
    def refuse(name, args):
        raise OperationalError("no broker")

    monkeypatch.setattr(rendering.current_app, "send_task", refuse)
    with clock.at(local(2023, 3, 20)), django_capture_on_commit_callbacks(execute=True):
        file = request_rollup_file(period_key="2023-03", format="docx", by=officer)
    assert file.pk not in schedule_due(now=local(2023, 3, 20, 8, 1))
    assert file.pk in schedule_due(now=local(2023, 3, 20, 8, 5))


def test_requested_file_is_made_alone_and_tells_nobody(officer, sent, quick):
    file = request_rollup_file(period_key="2023-03", format="brief", by=officer)
    render(file, now=local(2023, 3, 20))
    file.refresh_from_db()
    assert file.state == "ready" and quick == ["brief"]
    assert not Notice.objects.filter(stage="rollup_ready").exists()


@pytest.mark.parametrize(
    ("period", "format"), [("2023-3", "pdf"), ("abc", "pdf"), ("2031-03", "pdf"), ("2023-03", "exe")]
)
def test_request_that_makes_no_sense_is_refused(officer, period, format):
    with pytest.raises(RenderingError):
        request_rollup_file(period_key=period, format=format, by=officer)


def test_month_without_reports_owed_fails_with_the_reason(officer, sent):
    file = request_rollup_file(period_key="2023-01", format="pdf", by=officer)
    render(file)
    file.refresh_from_db()
    assert file.state == "failed" and "không có báo cáo tháng" in file.error


def test_beat_renders_what_is_due(officer, quick, monkeypatch):
    monkeypatch.setattr(render_rollup_file, "delay", render_rollup_file)
    with clock.at(AFTER_MARCH):
        render_due_rollups()
        render_due_rollups()
    assert {state for _, state in states()} == {"ready"}
    assert len(quick) == 4
