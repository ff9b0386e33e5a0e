"""Keep the registers that targets count: add, change, digitise, end, take back what was entered by mistake.

Nothing is deleted; what stood on a day is asked of the dates (plan III: T6, T7, T8, T15).
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction

from doanportal import clock
from doanportal.formats import format_date
from doanportal.typed import clean_line
from units.events import record

from .models import CameraRoute, Enterprise, OcopProduct

EARLIEST = date(2000, 1, 1)  # an older day is a slip of the finger in the year
TOLD_AFTERWARDS = ("handed_over_on", "recognised_on", "digitised_on", "youth_owned_from", "member_from")
RANGES = (("youth_owned_from", "youth_owned_to"), ("member_from", "member_to"))
DAYS = (*TOLD_AFTERWARDS, "ended_on", "youth_owned_to", "member_to")
MAX_VALUE = 10**15
MAX_COUNT = 100_000
MAX_KM = 1000
link_of_the_web = URLValidator(schemes=["http", "https"])


class RegisterError(ValueError):
    """A row cannot be kept so; `problems`: [(field or "", message)], the messages in Vietnamese."""

    def __init__(self, *problems):
        super().__init__(" ".join(message for _, message in problems))
        self.problems = list(problems)


class StaleRow(RegisterError):
    """Somebody else changed the row since it was read; `row` is how it stands now."""

    def __init__(self, row):
        super().__init__(("", "Người khác vừa sửa mục này. Hãy xem chỗ khác nhau rồi lưu lại."))
        self.row = row


def problems_of(row, *, today=None):
    """[(field, message)] of what is wrong with the row in itself; asks no database. Workbooks use it, too."""
    today = today or clock.today()
    found = [("name", "Hãy ghi tên.")] if not row.name else []
    for name in DAYS:
        day = getattr(row, name, None)
        if day is not None and day < EARLIEST:
            found.append((name, f"{format_date(day)} quá xa, hãy kiểm tra lại năm."))
        elif day is not None and name in TOLD_AFTERWARDS and day > today:
            found.append((name, f"{format_date(day)} ở sau hôm nay. Để trống đến khi việc đã xong."))
    return found + OWN_PROBLEMS[type(row)](row)


def camera_problems(row):
    found = []
    if not row.place:
        found.append(("place", "Hãy ghi địa điểm."))
    if row.length_km is not None and not 0 < row.length_km <= MAX_KM:
        found.append(("length_km", "Số km phải lớn hơn 0 và không quá 1.000."))
    if row.cameras is not None and not 1 <= row.cameras <= MAX_COUNT:
        found.append(("cameras", "Số camera từ 1 đến 100.000."))
    if row.value is not None and row.value >= MAX_VALUE:
        found.append(("value", "Giá trị quá lớn, hãy kiểm tra lại số 0. Ghi bằng đồng."))
    if row.handed_over_on is not None:
        asked = (
            ("length_km", row.length_km, "số km"),
            ("cameras", row.cameras, "số camera"),
            ("minutes", row.minutes, "biên bản bàn giao"),
        )
        found += [
            (name, f"Tuyến đã trao tặng: hãy ghi {words}.")
            for name, value, words in asked
            if value in (None, "")
        ]
    return found


def digitised_problems(row):
    found = []
    if row.digitised_on is not None and not row.digital_how:
        found.append(("digital_how", "Hãy ghi hình thức: mã QR, sàn thương mại điện tử, trang bán hàng …"))
    if row.digitised_on is None and (row.digital_how or row.digital_link):
        found.append(("digitised_on", "Hãy ghi ngày có trên môi trường số, hoặc bỏ hình thức, đường dẫn."))
    if row.digital_link:
        try:
            link_of_the_web(row.digital_link)
        except ValidationError:
            found.append(
                (
                    "digital_link",
                    "Đường dẫn phải bắt đầu bằng https:// hoặc http://, ví dụ https://vi-du.vn/sp.",
                )
            )
    return found


def ocop_problems(row):
    found = digitised_problems(row)
    if not row.owner:
        found.append(("owner", "Hãy ghi chủ thể của sản phẩm."))
    if row.stars is not None and not 1 <= row.stars <= 5:
        found.append(("stars", "Hạng sao từ 1 đến 5."))
    if row.recognised_on is None:
        found.append(("recognised_on", "Hãy ghi ngày được công nhận."))
    elif row.ended_on is not None and row.ended_on <= row.recognised_on:
        found.append(("ended_on", f"Ngày ngừng phải sau ngày công nhận {format_date(row.recognised_on)}."))
    return found


def enterprise_problems(row):
    found = digitised_problems(row)
    if row.youth_owned_from is None and row.member_from is None:
        found.append(
            (
                "youth_owned_from",
                "Ghi ít nhất một ngày: do thanh niên làm chủ từ ngày, hoặc hội viên từ ngày.",
            )
        )
    for start, end in RANGES:
        first, last = getattr(row, start), getattr(row, end)
        if last is not None and first is None:
            found.append((start, "Đã ghi ngày kết thúc thì cần cả ngày bắt đầu."))
        elif last is not None and last <= first:
            found.append((end, f"Ngày kết thúc phải sau ngày bắt đầu {format_date(first)}."))
    starts = [day for day in (row.youth_owned_from, row.member_from) if day is not None]
    if row.ended_on is not None and starts and row.ended_on <= min(starts):
        found.append(("ended_on", f"Ngày ngừng phải sau ngày bắt đầu {format_date(min(starts))}."))
    return found


OWN_PROBLEMS = {CameraRoute: camera_problems, OcopProduct: ocop_problems, Enterprise: enterprise_problems}


@transaction.atomic
def add_row(model, *, unit, values, by):
    """A new row of the unit's register; one event. Raises RegisterError, also for a name that is there."""
    row = model(unit=unit, created_by=by, **values)
    keep(row)
    record(verb="register_add", subject=row, actor=by, unit=unit)
    return row


@transaction.atomic
def change_row(row, *, values, revision, by, verb="register_change"):
    """Write what differs and return the row; one event that names no value, none where nothing differs.

    Raises StaleRow when the row is no longer at `revision`, RegisterError for a voided row or bad values.
    """
    row = lock(row, revision)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, values[name])
    row.revision += 1
    keep(row)
    record(verb=verb, subject=row, actor=by, unit=row.unit, to_state=", ".join(changed)[:60])
    return row


def digitise(row, *, digitised_on, digital_how, digital_link, revision, by):
    """From that day the product is on a digital platform (QR, market place, own page)."""
    if digitised_on is None:
        raise RegisterError(("digitised_on", "Hãy ghi ngày có trên môi trường số."))
    values = {"digitised_on": digitised_on, "digital_how": digital_how, "digital_link": digital_link}
    return change_row(row, values=values, revision=revision, by=by, verb="register_digitise")


def end_row(row, *, ended_on, revision, by):
    """The product or farm stopped on that day: before it still counts, from it on no more."""
    if ended_on is None:
        raise RegisterError(("ended_on", "Hãy ghi ngày ngừng."))
    return change_row(row, values={"ended_on": ended_on}, revision=revision, by=by, verb="register_end")


@transaction.atomic
def void_row(row, *, reason, revision, by):
    """Take back a row entered by mistake: it never counted on any day, and stays to be read."""
    reason = clean_line(reason, 300)
    if not reason:
        raise RegisterError(("reason", "Hãy ghi lý do bỏ, ví dụ: ghi trùng, ghi nhầm đơn vị."))
    row = lock(row, revision)
    row.voided_at, row.void_reason = clock.now(), reason
    row.revision += 1
    row.save(update_fields=["voided_at", "void_reason", "revision"])
    # The reason is free text, so it stays on the row: the event log keeps no text about things or people.
    record(verb="register_void", subject=row, actor=by, unit=row.unit)
    return row


def lock(row, revision):
    row = type(row).objects.select_for_update(of=("self",)).select_related("unit__kind").get(pk=row.pk)
    if row.voided_at is not None:
        raise RegisterError(("", "Mục này đã bỏ khỏi danh mục, không sửa được nữa."))
    if row.revision != revision:
        raise StaleRow(row)
    return row


def keep(row):
    """Check and save; the words of the database's own refusals where two people save the same at once."""
    if problems := problems_of(row):
        raise RegisterError(*problems)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        name = error.__cause__.diag.constraint_name
        if name not in ONCE:
            raise
        raise RegisterError(("name", ONCE[name])) from error


ONCE = {
    "cameraroute_once": "Đơn vị đã ghi tuyến tên này tại địa điểm này. Hãy sửa mục đã có, hoặc ghi rõ tên.",
    "ocopproduct_once": "Đơn vị đã ghi sản phẩm tên này của chủ thể này. Hãy sửa mục đã có.",
    "enterprise_once": "Đơn vị đã ghi cơ sở tên này tại nơi này. Hãy sửa mục đã có, hoặc ghi rõ trụ sở.",
}
