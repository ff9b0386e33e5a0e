"""Reports for tests, made through the real draft and hand-in functions."""

import io
import uuid
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from doanportal import clock
from plans.models import Obligation
from reports.drafts import draft_version, open_draft, save_section
from reports.submit import submit

TEAMS = {
    "f.active_teams": "5",
    "f.team_members": "60",
    "f.sessions": "4",
    "f.people_helped": "1.020",
    "f.highlights": "Hướng dẫn người dân nộp hồ sơ trực tuyến.",
}
WORDS = {"teams": TEAMS, "difficulties": {"nil": "on"}, "next": {"f.next_month": "Tiếp tục hỗ trợ."}}


def obligation_of(unit_code, period="2023-03", form="monthly_report"):
    """The published obligation of that unit, period and form."""
    return Obligation.objects.select_related("owner", "owner__kind", "form", "plan").get(
        kind="plan", owner__code=unit_code, period_key=period, form__code=form
    )


def type_section(version, code, data, *, by):
    """Save one section as a secretary would; returns Saved."""
    section = version.sections.select_related("form_section").get(form_section__code=code)
    return save_section(version, section.form_section, data, by=by, revision=section.revision)


def fill_monthly(version, figures, *, by):
    """Type the whole monthly report: `figures` are raw target names, all else is blank and confirmed."""
    for code, data in WORDS.items():
        type_section(version, code, data, by=by)
    blank = {f"T{number}.blank": "on" for number in range(1, 20)}
    for section in version.sections.select_related("form_section").filter(form_section__kind="targets"):
        save_section(version, section.form_section, blank | figures, by=by, revision=section.revision)


def hand_in(unit_code, period, figures, *, by, at=None, reason="Sửa số liệu"):
    """Hand in the month's report of a unit, or amend it when it was handed in; returns the Version."""
    obligation = obligation_of(unit_code, period)
    with clock.at(at or datetime.combine(obligation.cutoff_on, datetime.min.time()).astimezone()):
        draft = open_draft(obligation, by=by, reason=reason)
        fill_monthly(draft_version(draft.report), figures, by=by)
        return submit(draft, by=by, idempotency_key=uuid.uuid4())


def photo_upload(name="anh.jpg", *, size=(60, 40), exif=None):
    """A small real JPEG as an upload."""
    out = io.BytesIO()
    image = Image.new("RGB", size, "#1560b7")
    if exif is None:
        image.save(out, "JPEG")
    else:
        image.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")
