"""Check a roster from Excel against the unit's people: who is who, which days, whose consent is missing."""

from functools import lru_cache

from doanportal.ages import may_be_under_16
from doanportal.formats import format_date
from doanportal.textfold import fold

from ...roster import EARLIEST, FURTHEST_AHEAD
from ..plan import ADD, CHANGE, SAME, WRONG, Plan
from .roster import DEFINITION, DETAILS, ONE_DAY
from .roster_people import People, name_key

SELF = "self"  # to be recorded from the declaration of who takes the file over


def check(content, *, team, as_of, today, findings, lock=False, progress=None):
    """The Plan of taking these rows over into the team's roster; nothing is written."""
    return Check(content, team, as_of, today, findings, lock).run(progress)


class Check:
    def __init__(self, content, team, as_of, today, findings, lock):
        self.content, self.team, self.as_of, self.today = content, team, as_of, today
        self.people = People(team, lock=lock)
        self.plan = Plan(findings, writes={"new": [], "people": [], "stints": [], "consents": []})
        self.findings = findings
        self.seen, self.seen_keys, self.used = {}, {}, set()
        self.asked = self.youngest = 0

    def run(self, progress):
        for done, row in enumerate(self.content.rows, start=1):
            self.check_row(row)
            if progress and done % 1000 == 0:
                progress(done)
        members = [known.pk for known in self.people.by_id.values() if self.current(known)]
        self.plan.facts = {
            "not_in_file": sum(1 for pk in members if pk not in self.used),
            "consents": self.asked,
            "youngest": self.youngest,
        }
        return self.plan

    def current(self, known):
        return next(
            (
                stint
                for stint in known.stints
                if stint[1] <= self.as_of and (stint[2] is None or stint[2] > self.as_of)
            ),
            None,
        )

    def cell(self, row, key="full_name"):
        return self.content.cell(row, key)

    def wrong(self, row, key, message, cure):
        row.wrong = True
        self.findings.error(self.cell(row, key), message, cure)

    def check_row(self, row):
        values = row.values
        label = values.get("full_name") or f"Dòng {row.number}"
        if not row.wrong:
            known = self.find(row)
        if not row.wrong:
            self.check_people(row, known)
        if row.wrong:
            self.plan.add(WRONG, row.number, label)

    def find(self, row):
        """The person the row is about; None for a new one. Marks the row wrong where that is unclear."""
        values = row.values
        if row.id is not None:
            known = self.people.by_id.get(row.id)
            if known is None:
                self.wrong(
                    row,
                    "full_name",
                    "Mã ở cột ẩn không khớp người nào của đơn vị.",
                    "Xóa mã ở cột ẩn của dòng (sẽ nhận theo tên), hoặc tải lại danh sách hiện có.",
                )
                return None
        else:
            known = self.find_by_name(row)
        if row.wrong:
            return None
        key = name_key(values["full_name"], values["birth_year"])
        before = self.seen.get(known.pk) if known else self.seen_keys.get(key)
        if before:
            self.wrong(row, "full_name", f"Trùng với dòng {before}.", "Giữ một dòng, xóa dòng kia.")
            return None
        self.seen_keys[key] = row.number
        if known:
            self.seen[known.pk] = row.number
            self.used.add(known.pk)
        return known

    def find_by_name(self, row):
        values = row.values
        same = self.people.exact.get(name_key(values["full_name"], values["birth_year"]), [])
        if len(same) > 1 and values.get("phone"):
            same = [known for known in same if known.phone == values["phone"]] or same
        if len(same) > 1:
            self.wrong(
                row,
                "full_name",
                f"Đơn vị có {len(same)} người trùng họ tên và năm sinh, không rõ dòng này là ai.",
                "Tải danh sách hiện có (có mã ở cột ẩn) rồi sửa trên tệp đó, hoặc ghi đúng số điện thoại.",
            )
            return None
        if same:
            self.findings.note_alike(
                self.cell(row), "Người đã có trong danh sách của đơn vị: dùng lại, không lập người mới."
            )
            return same[0]
        self.warn_of_twins(row)
        return None

    def warn_of_twins(self, row):
        """People who look alike are told of; whether they are one is for a human to say."""
        values = row.values
        key, year = folded_name(values["full_name"]), values["birth_year"]
        for known in self.people.alike.get(key, ()):
            if abs(known.birth_year - year) <= 1:
                self.findings.warning(
                    self.cell(row),
                    f"Gần giống người đã có: {known.full_name}, sinh năm {known.birth_year}. "
                    "Khi ghi sẽ thành người mới.",
                    "Nếu là một người, sửa họ tên, năm sinh cho khớp; nếu là hai người, không cần sửa.",
                )
                return
        owner = self.people.by_phone.get(values.get("phone"))
        if owner:
            self.findings.warning(
                self.cell(row, "phone"),
                f"Số điện thoại này đang ghi cho {owner.full_name}.",
                "Kiểm tra xem có phải một người, hoặc ghi nhầm số.",
            )

    def check_people(self, row, known):
        """Details, time in the team and consent of one row; what is to be written goes to the plan."""
        if known is not None and known.restricted:
            self.wrong(
                row,
                "full_name",
                "Người này đang được hạn chế xử lý dữ liệu.",
                "Xóa dòng này khỏi tệp; muốn dùng lại, ghi sự đồng ý mới ở trang của người đó trước.",
            )
            return
        details, changed = self.new_details(row, known)
        stint, place = self.new_place(row, known)
        if row.wrong:
            return
        joined, left = place["joined"], place["left"]
        moved = stint is None or (joined, left, place["role"], place["basis"]) != stint[1:]
        self.check_days(row, known, stint, joined, left)
        consent = self.check_consent(row, known, details, joined, moved or "birth_year" in changed)
        if row.wrong:
            return
        stamp = f"{known.pk}.{known.revision}.{stint[0] if stint else 0}" if known else ""
        changes = self.words(known, details, changed, stint, place)
        action = SAME if known and not changed and not moved else CHANGE if known else ADD
        self.plan.add(action, row.number, details["full_name"], changes if action != SAME else (), stamp)
        self.write(known, details, changed, stint, place if moved else None, consent)

    def new_details(self, row, known):
        """(all details after, names of those that change). A blank clears only where the row has an id."""
        values, details, changed = row.values, {}, []
        for name in DETAILS:
            old = getattr(known, name) if known else ("" if name != "birth_year" else None)
            if name in values:
                new = values[name]
            elif known and (row.id is None or name not in self.content.columns):
                new = old
            else:
                new = ""
            details[name] = new
            if known and new != old:
                changed.append(name)
        return details, changed

    def new_place(self, row, known):
        """(the time in the team that the row is about or None, role, days and basis after)."""
        values = row.values
        joined = DEFINITION.by_key["joined"].python(values.get("joined"))
        last = DEFINITION.by_key["last_day"].python(values.get("last_day"))
        left = last + ONE_DAY if last else None
        stint = self.stint_of(row, known, joined, left)
        keeps = row.id is None
        old = dict(zip(("joined", "left", "role", "basis"), stint[1:], strict=True)) if stint else {}

        def after(key, new, name=None):
            absent = (name or key) not in self.content.columns
            return old.get(key, new) if new in (None, "") and (keeps or absent) else new

        return stint, {
            "joined": joined or old.get("joined") or self.as_of,
            "left": after("left", left, "last_day"),
            "role": after("role", values.get("role", "")),
            "basis": after("basis", values.get("basis", "")),
        }

    def stint_of(self, row, known, joined, left):
        """The membership the row speaks of: the one that overlaps its days, else the present or open one."""
        if not known or not known.stints:
            return None
        if joined is None:
            return self.current(known) or next((stint for stint in known.stints if stint[2] is None), None)
        touching = [stint for stint in known.stints if overlaps(stint, joined, left)]
        if len(touching) > 1:
            self.wrong(
                row,
                "joined",
                "Thời gian này chồng lên hai lần tham gia đã ghi của người này.",
                "Sửa «Từ ngày», «Đến hết ngày», hoặc sửa từng lần ở trang của đội hình.",
            )
        return touching[0] if touching else None

    def check_days(self, row, known, stint, joined, left):
        if left is not None and left <= joined:
            self.wrong(row, "last_day", "«Đến hết ngày» ở trước «Từ ngày».", "Sửa một trong hai ngày.")
        if not EARLIEST <= joined <= self.today + FURTHEST_AHEAD:
            self.wrong(row, "joined", f"Ngày {format_date(joined)} không hợp lý.", "Kiểm tra lại năm.")
        if left is not None and left > self.today + FURTHEST_AHEAD:
            self.wrong(row, "last_day", "«Đến hết ngày» quá xa.", "Kiểm tra lại năm, hoặc để trống.")
        dissolved = self.team.dissolved_on
        if dissolved and joined >= dissolved:
            self.wrong(
                row,
                "joined",
                f"Đội hình đã giải thể từ ngày {format_date(dissolved)}.",
                "Ngày vào đội phải trước ngày đó.",
            )
        if known:
            self.check_against_others(row, known, stint, joined, left)

    def check_against_others(self, row, known, stint, joined, left):
        """The days against the person's seats on the board and other times in the team."""
        ends = left is not None and (stint is None or left != stint[2])
        since = stint[1] if stint else joined
        if ends and any(start >= max(left, since) for start, _ in self.people.seats.get(known.pk, ())):
            self.wrong(
                row,
                "last_day",
                "Người này có chức danh trong Ban Chỉ huy đội sau ngày đó.",
                "Sửa chức danh ở trang đội hình trước.",
            )
        others = [other for other in known.stints if other is not stint]
        if any(overlaps(other, joined, left) for other in others):
            self.wrong(
                row,
                "joined",
                "Thời gian này chồng lên một lần tham gia khác đã ghi của người này.",
                "Sửa «Từ ngày», «Đến hết ngày», hoặc sửa ở trang của đội hình.",
            )

    def check_consent(self, row, known, details, joined, matters):
        """What consent is to be recorded: SELF, (guardian's name, day), or None where one is on record."""
        standing = known is not None and known.consent
        if matters and self.may_be_child(known, details, joined):
            return None if known and known.guardian else self.guardian_of(row, details)
        if standing:
            return None
        if known and known.withdrawn:
            self.findings.warning(
                self.cell(row),
                "Người này đã rút lại sự đồng ý.",
                "Chỉ ghi khi người đó đã đồng ý lại; nếu chưa, xóa dòng này khỏi tệp.",
            )
        return SELF

    def may_be_child(self, known, details, joined):
        first = min(day for day in (joined, self.today, known and known.joined_first) if day)
        return may_be_under_16(details["birth_year"], on=first)

    def guardian_of(self, row, details):
        name, day = row.values.get("guardian_name", ""), row.values.get("guardian_on", "")
        if not name or not day:
            self.wrong(
                row,
                "guardian_on" if name else "guardian_name",
                f"Sinh năm {details['birth_year']}, có thể chưa đủ 16 tuổi: "
                "cần cha mẹ hoặc người giám hộ đồng ý.",
                "Ghi «Người giám hộ đồng ý» và «Ngày đồng ý».",
            )
        elif day > self.today.isoformat():
            self.wrong(row, "guardian_on", "Ngày đồng ý ở sau hôm nay.", "Ghi ngày người giám hộ đã đồng ý.")
        return name, day

    def words(self, known, details, changed, stint, place):
        """[(heading, old, new)] of what the row changes; of a new person all that is written down."""
        columns = DEFINITION.by_key
        found = []
        for name in DETAILS:
            if name == "full_name" and not known:
                continue
            if name in changed or (not known and details[name] not in ("", None)):
                old = columns[name].show(getattr(known, name)) if known else ""
                found.append([columns[name].heading, old, columns[name].show(details[name])])
        for name, old, new in (
            ("role", stint and stint[3], place["role"]),
            ("joined", stint and stint[1], place["joined"]),
            ("last_day", stint and stint[2], place["left"]),
            ("basis", stint and stint[4], place["basis"]),
        ):
            if (old or "") != (new or ""):
                found.append([columns[name].heading, day_words(name, old), day_words(name, new)])
        return found

    def write(self, known, details, changed, stint, place, consent):
        writes = self.plan.writes
        if consent == SELF:
            self.asked += 1
            self.youngest = max(self.youngest, details["birth_year"])
        if known is None:
            writes["new"].append((details, place, consent))
            return
        if changed:
            writes["people"].append((known, details, changed))
        if place:
            writes["stints"].append((known, stint, place))
        if consent:
            writes["consents"].append((known.pk, consent))


fold_syllable = lru_cache(maxsize=4096)(fold)


def folded_name(name):
    """fold() of a name, cut as the search key is; names share their syllables."""
    return " ".join(filter(None, map(fold_syllable, name.split())))[:200]


def overlaps(stint, joined, left):
    return (stint[2] is None or stint[2] > joined) and (left is None or stint[1] < left)


def day_words(name, value):
    """A day as people read it; the last day in the team is the one before the day of leaving."""
    if not value:
        return ""
    if name == "last_day":
        return format_date(value - ONE_DAY)
    return format_date(value) if name == "joined" else value
