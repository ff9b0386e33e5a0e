"""Trích ngang by Excel: the workbook engine of the rosters, its own columns; shown first, then taken over.

Nothing of an upload is stored: the plain rows travel in the preview page, signed, until they are taken over.
"""

from dataclasses import asdict

from django.core import signing
from django.db import transaction

from doanportal import clock
from doanportal.textfold import fold
from units.events import record
from volunteers.models import Gender
from volunteers.workbook.columns import BirthYear, Choice, Count, PersonName, Text
from volunteers.workbook.definition import Definition
from volunteers.workbook.findings import Findings, WorkbookRefused, place
from volunteers.workbook.package import MAX_FILE
from volunteers.workbook.plan import ADD, CHANGE, SAME, WRONG, Plan
from volunteers.workbook.reading import read_workbook
from volunteers.workbook.template import render_template

from .dossiers import DossierError, lock_draft
from .models import Nomination, SubjectKind, identity_of
from .nominations import MOST_NOMINATIONS, put, save_once

SALT = "awards.workbook_sheet"
VALID_FOR = 6 * 3600  # seconds between the check and the taking over
MOST_ROWS = 200
SEE_AGAIN = "Hãy tải tệp lên lại."
TITLES = {
    SubjectKind.COLLECTIVE: "Trích ngang tập thể đề nghị khen thưởng",
    SubjectKind.INDIVIDUAL: "Trích ngang cá nhân đề nghị khen thưởng",
}


class SheetError(ValueError):
    """The rows cannot be taken over; the text is for the user."""


def definition_of(subject_kind, award_forms):
    """The Definition of the sheet for one kind of subjects; forms are those of the round."""
    form = Choice(
        "form",
        "Hình thức đề nghị",
        30,
        required=True,
        help="Một hình thức cho mỗi tập thể, cá nhân.",
        aliases=("Hình thức", "Hình thức khen thưởng", "Đề nghị"),
        choices=tuple((row.code, row.name) for row in award_forms),
        also=tuple((row.short_name, row.code) for row in award_forms),
    )
    summary = Text(
        "summary",
        "Tóm tắt thành tích",
        60,
        help="Vài câu; báo cáo đầy đủ viết trên cổng.",
        example="Hỗ trợ 1.200 lượt người dân nộp hồ sơ trực tuyến.",
        aliases=("Thành tích", "Trích ngang thành tích", "Tóm tắt"),
        longest=2000,
        personal=True,
    )
    columns = individual_columns() if subject_kind == SubjectKind.INDIVIDUAL else collective_columns()
    return Definition(
        kind=f"trich-ngang-{subject_kind}",
        title=TITLES[subject_kind],
        sheet="Trích ngang",
        columns=(*columns, form, summary),
        notes=("Dân tộc, tôn giáo, đảng viên, số căn cước không được thu thập.",),
    )


def individual_columns():
    return (
        PersonName(
            "name",
            "Họ và tên",
            28,
            required=True,
            help="Ghi đủ họ, tên đệm và tên, có dấu.",
            example="Nguyễn Thị Lan",
            aliases=("Họ tên", "Tên"),
        ),
        BirthYear(
            "birth_year",
            "Năm sinh",
            10,
            required=True,
            help="Chỉ cần năm.",
            example="1992",
            aliases=("Ngày sinh", "Ngày tháng năm sinh", "NS"),
        ),
        Choice(
            "gender",
            "Giới tính",
            10,
            help="Nam hoặc Nữ.",
            example="Nữ",
            aliases=("Nam/Nữ", "Phái"),
            choices=tuple(Gender.choices),
        ),
        Text("position", "Chức vụ", 26, aliases=("Chức danh",), longest=160, personal=True),
        Text(
            "workplace",
            "Đơn vị công tác",
            30,
            aliases=("Nơi công tác", "Đơn vị"),
            longest=200,
            personal=True,
        ),
    )


def collective_columns():
    return (
        Text(
            "name",
            "Tên tập thể",
            40,
            required=True,
            help="Viết đầy đủ, không viết tắt.",
            example="Đoàn xã Lộc Hiệp",
            aliases=("Tập thể", "Tên đơn vị", "Tên"),
        ),
        Count("members", "Số người", 10, help="Số người của tập thể.", example="35", most=30_000),
        Text("workplace", "Thuộc đơn vị", 30, aliases=("Đơn vị", "Trực thuộc"), longest=200),
    )


def template_of(dossier, subject_kind, award_forms):
    """The bytes of the empty template."""
    return render_template(
        definition_of(subject_kind, award_forms),
        title=f"{TITLES[subject_kind]} – {dossier.round.name}",
        subtitle=f"{dossier.unit.label}. Cột có dấu (*) là bắt buộc.",
    )


def read_upload_rows(upload, definition):
    """The Reading of an upload with at most MOST_ROWS rows. Raises WorkbookRefused."""
    reading = read_workbook(upload.read(MAX_FILE + 1), definition, today=clock.today())
    if not reading.rows:
        raise WorkbookRefused(
            "Bảng không có dòng nào dưới tiêu đề.", "Điền danh sách vào các dòng dưới tiêu đề."
        )
    if len(reading.rows) > MOST_ROWS:
        raise WorkbookRefused(
            f"Bảng có {len(reading.rows)} dòng, nhiều nhất {MOST_ROWS}.", "Chia thành nhiều tệp."
        )
    return reading


def check(reading, dossier, subject_kind, award_forms):
    """The Plan: what each row would do to the dossier; nothing is written. Two queries.

    `plan.writes`: {row number: [revision seen, values]} of rows that add or change.
    """
    plan = Plan(reading.findings)
    definition = definition_of(subject_kind, award_forms)
    keys = {
        row.number: key_of(row.values, subject_kind, dossier.unit_id)
        for row in reading.rows
        if row.values.get("name")
    }
    there = {
        row.identity_key: row
        for row in Nomination.objects.filter(
            round=dossier.round_id, identity_key__in=set(keys.values()), fallback_of=None
        ).select_related("form")
    }
    room = MOST_NOMINATIONS - Nomination.objects.filter(dossier=dossier, fallback_of=None).count()
    seen = {}
    for row in reading.rows:
        label, key = row.values.get("name", ""), keys.get(row.number)
        cell = place(row.number, reading.columns["name"])
        problem = "" if row.wrong else problem_of(row, key, seen, there, dossier)
        if problem:
            reading.findings.error(cell, *problem)
        if row.wrong or problem:
            plan.add(WRONG, row.number, label)
            continue
        seen[key] = row.number
        changes = changes_of(row.values, there.get(key), definition)
        action = ADD if key not in there else CHANGE if changes else SAME
        stamp = str(getattr(there.get(key), "revision", ""))
        plan.add(action, row.number, label, changes, stamp=stamp)
        if action != SAME:
            plan.writes[row.number] = [stamp, row.values]
    if plan.counts[ADD] > room:
        reading.findings.error("", f"Hồ sơ chỉ còn chỗ cho {room} đề nghị.", "Bớt dòng trong tệp.")
    return plan


def key_of(values, subject_kind, unit_id):
    return identity_of(
        subject_kind=subject_kind,
        name=values.get("name", ""),
        birth_year=values.get("birth_year"),
        unit_id=unit_id,
    )


def problem_of(row, key, seen, there, dossier):
    """(message, cure) of a row that clashes with another one, or ''."""
    if key in seen:
        return (
            f"Trùng với dòng {seen[key]}: mỗi tập thể, cá nhân một hình thức trong một đợt.",
            "Giữ một dòng, xóa dòng kia.",
        )
    if key in there and there[key].dossier_id != dossier.pk:
        return (
            "Đã được đơn vị khác đề nghị trong đợt này.",
            "Xóa dòng này; nếu là người khác trùng họ tên và năm sinh, liên hệ Ban Phong trào.",
        )
    return ""


def changes_of(values, nomination, definition):
    """[(heading, old, new)] in words; of a new row all that it holds."""
    changes = []
    for column in definition.columns:
        if column.key not in values:
            continue  # a blank cell leaves what is there
        new, old = values[column.key], None
        if nomination is not None:
            old = nomination.form.code if column.key == "form" else getattr(nomination, column.key)
        same = fold(str(old)) == fold(str(new)) if column.key == "name" else old == new
        if not same:
            changes.append((column.heading, column.show(old), column.show(new)))
    return changes


def sealed(plan, dossier, subject_kind, user):
    """The rows to write as a signed text for the preview page: only this person, this dossier, some hours."""
    return signing.dumps([dossier.pk, str(subject_kind), user.pk, plan.writes], salt=SALT, compress=True)


def unsealed(text, dossier, subject_kind, user):
    """{row number: [revision seen, values]}. Raises SheetError."""
    try:
        pk, kind, user_id, writes = signing.loads(text, salt=SALT, max_age=VALID_FOR)
    except signing.SignatureExpired:
        raise SheetError(f"Bản kiểm tra đã quá 6 giờ. {SEE_AGAIN}") from None
    except (signing.BadSignature, ValueError):
        raise SheetError(f"Bản kiểm tra không còn đọc được. {SEE_AGAIN}") from None
    if (pk, kind, user_id) != (dossier.pk, str(subject_kind), user.pk):
        raise SheetError(f"Bản kiểm tra này của hồ sơ khác. {SEE_AGAIN}")
    return {int(number): write for number, write in writes.items()}


@transaction.atomic
def take(dossier, *, subject_kind, writes, award_forms, by):
    """Add and change the nominations of the rows, all or none; returns (added, changed).

    One event for all. Raises DossierError after hand-in, and when somebody was proposed meanwhile.
    """
    dossier = lock_draft(dossier.pk)
    forms = {row.code: row for row in award_forms}
    keys = {number: key_of(values, subject_kind, dossier.unit_id) for number, (_, values) in writes.items()}
    own = {
        row.identity_key: row
        for row in Nomination.objects.select_for_update(of=("self",)).filter(
            dossier=dossier, identity_key__in=set(keys.values()), fallback_of=None
        )
    }
    added = changed = 0
    for number, (stamp, values) in sorted(writes.items()):
        if values["form"] not in forms:
            raise DossierError(f"Dòng {number}: đợt này không còn xét hình thức đã ghi. {SEE_AGAIN}")
        nomination = own.get(keys[number])
        if stamp != str(getattr(nomination, "revision", "")):
            raise DossierError(f"Dòng {number}: hồ sơ đã thay đổi sau lúc kiểm tra. {SEE_AGAIN}")
        if nomination is None:
            nomination = Nomination(
                dossier=dossier,
                round_id=dossier.round_id,
                unit=dossier.unit,
                subject_kind=subject_kind,
                created_by=by,
            )
            added += 1
        else:
            nomination.revision += 1
            changed += 1
        nomination.form = forms[values["form"]]
        put(nomination, {key: value for key, value in values.items() if key != "form"})
        save_once(nomination)
    record(
        verb="import_nominations",
        subject=dossier,
        actor=by,
        unit=dossier.unit,
        to_state=f"{added} {changed}",
    )
    return added, changed


def refused(error):
    """Findings of a file that is not read at all."""
    findings = Findings()
    findings.error("", str(error), error.cure)
    return Plan(findings)


def shown_findings(plan, most=200):
    """The gravest findings first, as plain rows, for the page."""
    order = {"error": 0, "warning": 1, "note": 2}
    return sorted((asdict(row) for row in plan.findings.rows), key=lambda row: order[row["level"]])[:most]
