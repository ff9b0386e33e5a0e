"""What the three registers have in common: rows found by id or name, checked by the registers' own rules."""

from units.models import Event

from ...registers import EARLIEST as FIRST_DAY
from ...registers import problems_of
from ..columns import Day, Text
from ..plan import ADD, CHANGE, SAME, WRONG, Plan

BATCH = 500


def note_column():
    return Text("note", "Ghi chú", 28, help="Nếu cần.", longest=300)


def day(key, heading, **more):
    return Day(key, heading, 14, first=FIRST_DAY, **more)


def digitised_columns():
    return (
        day(
            "digitised_on",
            "Ngày có trên môi trường số",
            help="Để trống khi chưa số hóa.",
            example="15/5/2023",
            aliases=("Ngày số hóa",),
        ),
        Text(
            "digital_how",
            "Hình thức số hóa",
            22,
            help="Mã QR, sàn thương mại điện tử, trang bán hàng …; bắt buộc khi có ngày số hóa.",
            example="Mã QR truy xuất nguồn gốc",
            aliases=("Hình thức",),
            longest=120,
        ),
        Text(
            "digital_link",
            "Đường dẫn",
            30,
            help="Bắt đầu bằng https:// hoặc http://",
            example="https://vi-du.vn/san-pham",
            aliases=("Link", "Liên kết"),
            longest=300,
        ),
    )


def ended_column():
    return day(
        "ended_on",
        "Ngừng từ ngày",
        help="Từ ngày này không còn tính. Để trống khi còn hoạt động.",
        example="1/10/2023",
    )


NOTES = (
    "Mỗi mục một dòng, không gộp ô, không dùng công thức.",
    "Cột ẩn «Mã (không sửa)» cho biết dòng là mục nào; mục mới để trống mã.",
    "Mục có trong cổng mà không có trong tệp được giữ nguyên.",
    "Không ghi số điện thoại, số căn cước của cá nhân.",
)


class Register:
    """The check and the writing of one register; `second`: the field that makes a name unique."""

    def __init__(self, definition, model, second):
        self.definition, self.model, self.second = definition, model, second
        self.names = [column.key for column in definition.columns]

    def key(self, name, second):
        return name.casefold(), second.casefold()

    def blank(self, name):
        """What an empty cell is in the model: '' for text, else nothing at all."""
        return None if self.model._meta.get_field(name).null else ""

    def rows_of(self, unit):
        """Valid rows of the unit, as the template has them."""
        return self.model.objects.filter(unit=unit).valid().order_by("pk")

    def check(self, content, *, unit, today, findings, lock=False, progress=None):
        """The Plan of taking these rows over into the unit's register; nothing is written."""
        rows = self.rows_of(unit)
        existing = {row.pk: row for row in (rows.select_for_update(of=("self",)) if lock else rows)}
        by_key = {self.key(row.name, getattr(row, self.second)): row for row in existing.values()}
        plan = Plan(findings, writes={"new": [], "changed": []})
        seen = {}
        for done, row in enumerate(content.rows, start=1):
            if not row.wrong:
                self.check_row(row, content, unit, today, plan, existing, by_key, seen)
            if row.wrong:
                plan.add(WRONG, row.number, row.values.get("name") or f"Dòng {row.number}")
            if progress and done % 1000 == 0:
                progress(done)
        found = {pk for pk in seen if isinstance(pk, int)}
        plan.facts = {"not_in_file": len(existing.keys() - found)}
        return plan

    def check_row(self, row, content, unit, today, plan, existing, by_key, seen):
        before = self.find(row, content, plan, existing, by_key, seen)
        if row.wrong:
            return
        after = self.model(unit=unit)
        changes, changed = [], []
        for column in self.definition.columns:
            name = column.key
            old = getattr(before, name) if before else self.blank(name)
            new = self.new_value(column, row, content, before, old)
            setattr(after, name, new)
            if new != old:
                changed.append(name)
                changes.append([column.heading, shown(column, old), shown(column, new)])
        for name, message in problems_of(after, today=today):
            row.wrong = True
            plan.findings.error(content.cell(row, name or "name"), message, "Sửa ô này rồi tải tệp lên lại.")
        twin = by_key.get(self.key(after.name, getattr(after, self.second)))
        if before and twin and twin.pk != before.pk:
            row.wrong = True
            plan.findings.error(
                content.cell(row, "name"),
                "Sau khi sửa, mục này trùng với một mục khác của đơn vị.",
                "Ghi tên khác, hoặc bỏ một mục ở trang danh mục.",
            )
        if row.wrong:
            return
        action = ADD if before is None else CHANGE if changed else SAME
        stamp = f"{before.pk}.{before.revision}" if before else ""
        plan.add(action, row.number, after.name, changes, stamp)
        if before is None:
            plan.writes["new"].append(after)
        elif changed:
            plan.writes["changed"].append((before, after, changed))

    def find(self, row, content, plan, existing, by_key, seen):
        """The row of the register that is meant, None for a new one."""
        key = self.key(row.values["name"], row.values.get(self.second, ""))
        if row.id is None:
            before = by_key.get(key)
        elif (before := existing.get(row.id)) is None:
            row.wrong = True
            plan.findings.error(
                content.cell(row, "name"),
                "Mã ở cột ẩn không khớp mục nào của đơn vị.",
                "Xóa mã ở cột ẩn của dòng này, hoặc tải lại danh mục hiện có.",
            )
            return None
        double = seen.get(before.pk if before else key) or seen.get(key)
        if double:
            row.wrong = True
            plan.findings.error(
                content.cell(row, "name"), f"Trùng với dòng {double}.", "Giữ một dòng, xóa dòng kia."
            )
            return None
        seen[key] = row.number
        if before:
            seen[before.pk] = row.number
        return before

    def new_value(self, column, row, content, before, old):
        """A blank clears only where the id says which row it is and the file has the column."""
        if column.key in row.values:
            return column.python(row.values[column.key])
        if before and (row.id is None or column.key not in content.columns):
            return old
        return self.blank(column.key)

    def save(self, plan, *, unit, by, source):
        """Write what the Plan says; one event a row."""
        new = plan.writes["new"]
        for row in new:
            row.created_by = by
            row.set_keys()
        self.model.objects.bulk_create(new, batch_size=BATCH)
        rows, names = [], set()
        for before, after, changed in plan.writes["changed"]:
            for name in changed:
                setattr(before, name, getattr(after, name))
            before.revision += 1
            before.set_keys()
            rows.append(before)
            names.update(changed)
        if rows:
            self.model.objects.bulk_update(rows, [*names, "search_key", "revision"], batch_size=BATCH)
        events = [("register_add", row, "") for row in new] + [
            ("register_change", before, ", ".join(changed)[:60])
            for before, _, changed in plan.writes["changed"]
        ]
        Event.objects.bulk_create(
            [
                Event(
                    actor=by,
                    verb=verb,
                    subject_type=self.model._meta.label_lower,
                    subject_id=row.pk,
                    unit=unit,
                    to_state=what,
                    reason=source,
                )
                for verb, row, what in events
            ],
            batch_size=BATCH,
        )


def shown(column, value):
    """A model's value in the words of its column."""
    if value in (None, ""):
        return ""
    return column.show(plain(value))


def plain(value):
    """A model's value as a column reads it: days and decimals as text."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value) if hasattr(value, "as_tuple") else value
