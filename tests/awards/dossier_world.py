"""A unit of the published plan with a round open and its dossier, as complete as a test asks."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from awards.dossiers import add_file, number_proposal, save_minutes, start_dossier
from awards.models import Nomination
from awards.nominations import add_nomination, save_report
from plans.models import Deadline
from plans.notice_obligations import owe_on_notice
from tests.factories.awards import award_form, make_round
from tests.factories.units import make_member
from units.documents import read_signed
from units.models import Unit

PDF = b"%PDF-1.4\n%%EOF\n"
MINUTES = {
    "met_on": date(2023, 8, 20),
    "met_place": "Hội trường Huyện Đoàn",
    "chair": "Trần Thị Hà, Bí thư Huyện Đoàn",
    "minutes_taker": "Lê Văn Tư, Ủy viên",
    "invited": 9,
    "present": 8,
    "discussion": "Các đồng chí thống nhất cao.",
}
REPORT = "I. SƠ LƯỢC LÝ LỊCH\n\nCông tác từ năm 2015.\n\nII. THÀNH TÍCH ĐẠT ĐƯỢC\n\nHỗ trợ 1.200 lượt người."


def unit_of(code="692"):
    return Unit.objects.select_related("kind").prefetch_related("names").get(code=code)


def pdf(name="minh-chung.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def open_round(**fields):
    """A round of the published plan that takes dossiers until 15/9/2023; 692 and 693 owe one."""
    award_round = make_round(printed_on=date(2023, 9, 15), **fields)
    owe_on_notice(
        deadline=Deadline.objects.get(plan=award_round.plan, code="D13"),
        owners=Unit.objects.filter(code__in=("692", "693")),
        printed_on=award_round.printed_on,
        exclusive=False,
        cause=f"round:{award_round.pk}",
        title="Hồ sơ khen thưởng",
        by=None,
    )
    return award_round


def begin(award_round, code="692", by=None):
    unit = unit_of(code)
    return start_dossier(award_round=award_round, unit=unit, by=by or make_member(unit))


def propose(dossier, by, *, name="Nguyễn Thị Lan", kind="individual", form="province_certificate", **facts):
    """A nomination with all that its line of trích ngang needs."""
    values = {"name": name, "workplace": "Đoàn xã Lộc Hiệp", "summary": "Thành tích tốt"}
    if kind == "individual":
        values |= {"birth_year": 1992, "gender": "female", "position": "Bí thư Đoàn xã"}
    else:
        values |= {"members": 35}
    return add_nomination(dossier, subject_kind=kind, form=award_form(form), facts=values | facts, by=by)


def complete(nomination, by):
    """Report, confirmation, evidence."""
    nomination = save_report(
        nomination,
        revision=Nomination.objects.get(pk=nomination.pk).revision,
        facts={
            "report": REPORT,
            "confirmed_by": "Phạm Văn Chính",
            "confirmed_title": "Bí thư Đảng ủy xã",
            "confirmed_on": date(2023, 8, 19),
        },
        by=by,
    )
    add_file(nomination.dossier, upload=pdf(), kind="evidence", by=by, nomination=nomination)
    return nomination


def hold_meeting(dossier, by, *, votes=(8, 0)):
    dossier.refresh_from_db()
    ids = dossier.nominations.values_list("pk", flat=True)
    return save_minutes(
        dossier, revision=dossier.revision, facts=MINUTES, votes=dict.fromkeys(ids, votes), by=by
    )


def sign_proposal(dossier, by, number="12"):
    dossier.unit = unit_of(dossier.unit.code)
    return number_proposal(
        dossier,
        number=number,
        symbol="TTr/ĐTN",
        term="2022-2027",
        date=date(2023, 8, 22),
        by=by,
        scan=read_signed(pdf("to-trinh.pdf")),
    )


def ready_dossier(award_round, by, code="692", *, names=("Nguyễn Thị Lan",), collectives=()):
    """A dossier that may be handed in."""
    dossier = begin(award_round, code, by)
    for name in names:
        complete(propose(dossier, by, name=name), by)
    for name in collectives:
        complete(propose(dossier, by, name=name, kind="collective"), by)
    hold_meeting(dossier, by)
    sign_proposal(dossier, by)
    dossier.refresh_from_db()
    return dossier
