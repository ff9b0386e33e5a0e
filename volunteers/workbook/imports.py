"""A workbook on its way in: read and forgotten, checked, shown, taken over once (states of WorkbookImport).

Files of up to IN_REQUEST rows are checked and written at once, larger ones by the worker. Every step may run
twice, late, or at once on two workers: the row's state and its lock decide.
"""

import hashlib
import logging
import uuid
from dataclasses import asdict
from datetime import date

from celery import current_app
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from doanportal import clock
from doanportal.ages import may_be_under_16
from doanportal.uploads import safe_name
from units.events import record
from units.letterhead import PROVINCE_KIND
from units.models import User

from ..erasure import drop_imports
from ..models import Consent, Team, WorkbookImport
from ..roster import RosterError, database_says, lock_team
from .content import content_of, pack, unpack
from .findings import ERROR, LEVELS, Finding, WorkbookRefused
from .kinds import DEFINITIONS, REGISTERS, ROSTER
from .package import MAX_FILE
from .reading import read_workbook
from .sheets.roster_check import check as check_roster
from .sheets.roster_save import SaveError
from .sheets.roster_save import save as save_roster

logger = logging.getLogger(__name__)
State = WorkbookImport.State

IN_REQUEST = 200
OPEN_STATES = (State.CHECKING, State.CHECKED, State.REFUSED)


class ImportRefused(ValueError):
    """The step cannot be taken now; the text is for the user, `field` the place on the form."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


def imports_of(user):
    """Imports that this person may see: of the own units; Ban Phong trào those of the province."""
    mine = Q(unit__in=user.unit_ids)
    if user.is_lead_officer:
        mine |= Q(unit__kind__code=PROVINCE_KIND)
    return WorkbookImport.objects.filter(mine).select_related("unit__kind")


def start_import(*, upload, kind, unit, by, team=None, as_of=None):
    """Read an upload and keep its plain rows as a WorkbookImport; check a small one at once.

    Earlier unfinished imports of the same list are dropped with their findings. What cannot be read is kept
    as REFUSED with the reason. The upload's own bytes are never stored.
    """
    content = upload.read(MAX_FILE + 1)
    row = WorkbookImport(
        unit=unit,
        team_id=team.pk if team else None,
        kind=kind,
        original_name=safe_name(upload.name),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
        as_of=as_of or clock.today(),
    )
    try:
        reading = read_workbook(content, DEFINITIONS[kind], today=clock.today())
        if not reading.rows:
            raise WorkbookRefused(
                "Bảng không có dòng nào dưới tiêu đề.", "Điền danh sách vào các dòng dưới tiêu đề."
            )
        tell_of_team(reading, team)
    except WorkbookRefused as refusal:
        row.state = State.REFUSED
        row.findings = [asdict(Finding(ERROR, "", "", str(refusal), refusal.cure))]
        reading = None
    with transaction.atomic():
        drop_imports(
            WorkbookImport.objects.filter(unit=unit, kind=kind, team_id=row.team_id, state__in=OPEN_STATES)
        )
        if reading is not None:
            row.rows = len(reading.rows)
            row.file = packed_file(content_of(reading))
        row.save()
    if row.state == State.CHECKING:
        run(row, "check_workbook", check_import)
    return WorkbookImport.objects.select_related("unit__kind").get(pk=row.pk)


def tell_of_team(reading, team):
    if team and reading.team_id and reading.team_id != team.pk:
        reading.findings.warning(
            "",
            "Mẫu này được tải từ đội hình khác.",
            f"Kiểm tra: các dòng sẽ được ghi vào đội hình «{team.name}».",
        )


def packed_file(content):
    return ContentFile(pack(content), name=f"{uuid.uuid4().hex}.gz")


def run(row, task, step):
    """The step now for a small file, else by the worker; without a broker the sweeper finds it."""
    if row.rows <= IN_REQUEST:
        step(row.pk)
        return
    transaction.on_commit(lambda: enqueue(task, row.pk))


def enqueue(task, import_id):
    try:
        current_app.send_task(f"volunteers.tasks.{task}", args=[import_id])
    except OperationalError:
        logger.warning("broker away: import %s waits for the sweeper", import_id)


def stored_content(row):
    with row.file.open("rb") as file:
        return unpack(file.read())


def make_plan(row, content, *, lock=False, progress=None):
    """The Plan of an import from its plain rows and the tables as they stand."""
    today = clock.today()
    more = {"today": today, "findings": content.findings(), "lock": lock, "progress": progress}
    if row.kind == ROSTER:
        team = lock_team(Team(pk=row.team_id)) if lock else Team.objects.get(pk=row.team_id)
        return check_roster(content, team=team, as_of=row.as_of, **more)
    return REGISTERS[row.kind].check(content, unit=row.unit, **more)


def note_progress(row):
    """A function that writes down how many rows are done, for the bar on the page."""
    return lambda done: WorkbookImport.objects.filter(pk=row.pk).update(rows_done=done)


def check_import(import_id):
    """CHECKING → CHECKED with all findings and the preview. Nothing happens in any other state."""
    row = WorkbookImport.objects.select_related("unit").filter(pk=import_id, state=State.CHECKING).first()
    if row is None:
        return
    content = stored_content(row)
    plan = make_plan(row, content, progress=note_progress(row))
    with transaction.atomic():
        locked = WorkbookImport.objects.select_for_update().filter(pk=import_id, state=State.CHECKING).first()
        if locked is not None:
            keep_check(locked, content, plan)


def keep_check(row, content, plan, *, changed=False, extra=()):
    """Store what a check found on a locked row; the old bytes go with the commit."""
    plan.findings.close()
    gravest_first = sorted(plan.findings.rows, key=lambda finding: list(LEVELS).index(finding.level))
    findings = [*extra, *gravest_first]
    old = row.file.name
    content.lines = plan.lines
    row.file = packed_file(content)
    row.state, row.rows_done, row.taken_at = State.CHECKED, row.rows, None
    row.findings = [asdict(finding) for finding in findings]
    row.summary = {
        "counts": dict(plan.counts),
        "levels": dict(plan.findings.counts) | ({ERROR: plan.findings.errors + len(extra)} if extra else {}),
        "facts": plan.facts,
        "digest": plan.digest,
        "changed": changed,
    }
    row.save()
    if old:
        transaction.on_commit(lambda: row.file.storage.delete(old))


def may_take(row):
    """Whether the checked import can be taken over as it is."""
    levels = row.summary.get("levels", {})
    return row.state == State.CHECKED and not levels.get(ERROR) and has_work(row)


def has_work(row):
    counts = row.summary.get("counts", {})
    return bool(counts.get("add") or counts.get("change") or row.summary.get("facts", {}).get("consents"))


def needs_declaration(row):
    """Whether somebody has to say that all were told and agreed before it is taken over."""
    return row.kind == ROSTER


def request_take(row, *, by, seen, declaration=None):
    """CHECKED → TAKING → TAKEN: one click; a second one, or another person's, finds nothing left to do.

    `seen`: the digest of the check that was on the page; `declaration`: {"channel", "given_on": ISO day} for
    a roster. Raises ImportRefused. Returns the row,
    back in CHECKED with `summary["changed"]` when the tables changed since the check was shown.
    """
    with transaction.atomic():
        locked = WorkbookImport.objects.select_for_update().get(pk=row.pk)
        if locked.state in (State.TAKING, State.TAKEN):
            return locked
        if locked.state != State.CHECKED:
            raise ImportRefused("Tệp này đã bỏ hoặc chưa kiểm tra xong. Hãy tải tệp lên lại.")
        if locked.summary.get("digest") != seen:
            raise ImportRefused("Tệp vừa được kiểm tra lại. Hãy xem kết quả mới rồi ghi.")
        if not may_take(locked):
            raise ImportRefused("Còn lỗi cần sửa, hoặc không có gì để ghi.")
        if needs_declaration(locked):
            check_declaration(locked, declaration)
        locked.state, locked.taken_at, locked.rows_done = State.TAKING, clock.now(), 0
        locked.summary |= {"by": by.pk, "declaration": declaration}
        locked.save(update_fields=["state", "taken_at", "rows_done", "summary"])
    run(locked, "take_workbook", take_import)
    return WorkbookImport.objects.select_related("unit__kind").get(pk=row.pk)


def check_declaration(row, declaration):
    if not declaration:
        raise ImportRefused("Hãy xác nhận mọi người đã được thông báo và đồng ý.", "declared")
    if declaration["channel"] not in Consent.Channel.values:
        raise ImportRefused("Hãy chọn cách đồng ý.", "channel")
    if declaration["given_on"] > clock.today().isoformat():
        raise ImportRefused("Ngày đồng ý không thể ở sau hôm nay.", "given_on")
    youngest = row.summary.get("facts", {}).get("youngest")
    if youngest and may_be_under_16(youngest, on=day_of(declaration)):
        raise ImportRefused(
            "Vào ngày này có người trong tệp có thể chưa đủ 16 tuổi. Ghi ngày đồng ý gần hơn.",
            "given_on",
        )


def day_of(declaration):
    return date.fromisoformat(declaration["given_on"])


def take_import(import_id):
    """TAKING → TAKEN in one transaction, or back to CHECKED where the tables changed or refuse the rows."""
    try:
        with transaction.atomic():
            row = WorkbookImport.objects.select_for_update().filter(pk=import_id, state=State.TAKING).first()
            if row is None:
                return
            take_locked(row)
    except (DatabaseError, RosterError, SaveError) as error:
        give_back(import_id, refusal_of(error))


def take_locked(row):
    content = stored_content(row)
    plan = make_plan(row, content, lock=True)
    if plan.digest != row.summary["digest"] or plan.findings.errors:
        keep_check(row, content, plan, changed=True)
        return
    by = User.objects.get(pk=row.summary["by"])
    source = f"Nhập từ tệp Excel #{row.pk}"
    counts = plan.counts
    if row.kind == ROSTER:
        team = Team.objects.get(pk=row.team_id)
        with database_says():
            save_roster(plan, team=team, by=by, declaration=row.summary["declaration"], source=source)
    else:
        REGISTERS[row.kind].save(plan, unit=row.unit, by=by, source=source)
    row.state, row.rows_done, row.taken_at = State.TAKEN, row.rows, clock.now()
    row.summary = {"counts": dict(counts), "facts": plan.facts}
    row.save(update_fields=["state", "rows_done", "taken_at", "summary"])
    record(
        verb="import_workbook",
        subject=row,
        actor=by,
        unit=row.unit,
        to_state=row.kind,
        reason=f"thêm {counts['add']}, đổi {counts['change']}",
    )
    # Nothing of the file is needed any more: bytes, name and findings go.
    drop_imports(WorkbookImport.objects.filter(pk=row.pk))


def refusal_of(error):
    """A Finding about what stopped the writing. Never the database's own words: they quote the row."""
    if isinstance(error, RosterError | SaveError):
        return Finding(ERROR, "", "", str(error), "Sửa theo nội dung trên rồi ghi lại.")
    diagnosis = getattr(error.__cause__, "diag", None)
    logger.error("import refused by the database: %s", getattr(diagnosis, "constraint_name", None))
    return Finding(
        ERROR,
        "",
        "",
        "Có dòng không ghi được vì trái với dữ liệu đang có; không dòng nào được ghi.",
        "Tải tệp lên lại để kiểm tra lại; nếu vẫn lỗi, chia tệp thành nhiều phần để tìm dòng sai.",
    )


def give_back(import_id, finding):
    """TAKING → CHECKED with what is wrong; the rows are checked anew against the tables as they stand."""
    with transaction.atomic():
        row = WorkbookImport.objects.select_for_update().filter(pk=import_id, state=State.TAKING).first()
        if row is not None:
            content = stored_content(row)
            keep_check(row, content, make_plan(row, content), extra=[finding])


def drop_import(row):
    """Give the import up: bytes, name and findings go. What is being written or was written stays."""
    with transaction.atomic():
        drop_imports(WorkbookImport.objects.filter(pk=row.pk, state__in=OPEN_STATES))
