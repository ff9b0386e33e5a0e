"""Biên bản of the council: attendance, quorum, base and threshold, every count, re-votes, the chair's word.

Context only: what each nomination comes to is awards.queries_council.results, to the number.
"""

from doanportal import clock
from doanportal.formats import format_date, format_number, format_percent
from doanportal.paper import Annex, Column, HeadCell, Paper, Row, RowKind, Signature, Style, Table, Text
from doanportal.paper.text import clean, lower_first, paragraphs, sentence
from units.letterhead import letterhead_of, province_names_on
from units.models import Post, Role
from units.models.people import LEAD_DEPARTMENT
from units.naming import name_on

from ..models import Council, CouncilMember, Nomination, Round, SubjectKind
from ..queries_council import members_of, notes_on, results
from ..voting import Figures, Outcome, Why, needed_for_quorum

MINUTES = "BB"
DRAFT = "DỰ THẢO"
DOTS = "……………"
METHOD_WORDS = {Round.Method.PAPER: "bỏ phiếu kín", Round.Method.HANDS: "biểu quyết bằng giơ tay"}
BASE_WORDS = {
    Round.Base.MEMBERS: "tổng số thành viên Hội đồng được biểu quyết (kể cả người vắng mặt)",
    Round.Base.PRESENT: "số thành viên có mặt được biểu quyết",
}
MEMBER_COLUMNS = (
    (Column(9), "TT"),
    (Column(45, "left"), "Họ và tên"),
    (Column(58, "left"), "Chức vụ, đơn vị công tác"),
    (Column(28), "Chức danh"),
    (Column(20), "Có mặt"),
)
COUNT_COLUMNS = (
    (Column(9), "TT"),
    (Column(58, "left"), "Tập thể, cá nhân đề nghị"),
    (Column(38, "left"), "Không biểu quyết"),
    (Column(10), "Lần"),
    (Column(12), "Phát ra"),
    (Column(12), "Đồng ý"),
    (Column(13), "Không đồng ý"),
    (Column(15), "Trắng"),
    (Column(14), "Không hợp lệ"),
    (Column(13), "Không thu về"),
    (Column(13), "Số để tính"),
    (Column(15), "Tỷ lệ đồng ý"),
    (Column(30), "Kết quả"),
)
RESULT_WORDS = {
    Outcome.RECOMMENDED: "Đề nghị khen",
    Outcome.NOT: "Không đề nghị",
    Outcome.TIE_OPEN: "Bằng phiếu, chưa phân định",
    Outcome.WAITING: "Chưa có kết quả",
}


def minutes_paper(award_round, council):
    """The Paper; marked as a draft until the minutes are adopted. Ten queries, whatever the number."""
    day = council.sits_on or clock.today()
    facts = Facts(award_round, council, day)
    province, _ = province_names_on(day)
    head = letterhead_of(province, day=day, abbreviation=MINUTES, drafted_by=LEAD_DEPARTMENT)
    return Paper(
        letterhead=head,
        document_type="BIÊN BẢN",
        subject="Họp Hội đồng xét khen thưởng",
        subject_notes=(f"({clean(award_round.name)})",),
        blocks=(
            *basis(council),
            *time_and_place(council),
            *attendance(facts),
            *way_of_voting(facts),
            *outcome(facts),
            *closing(council),
        ),
        recipients=(),
        signature=Signature("", "CHỦ TRÌ", facts.presiding.name if facts.presiding else ""),
        countersignature=Signature("", "THƯ KÝ", facts.secretary),
        annexes=(count_annex(facts, day),),
        mark="" if council.state == Council.State.CLOSED else DRAFT,
    )


class Facts:
    """What the minutes are made of, read once."""

    def __init__(self, award_round, council, day):
        self.round, self.council = award_round, council
        self.members = members_of(council)
        self.names = {member.pk: clean(member.name) for member in self.members}
        self.results = results(award_round)
        self.nominations = {
            row.pk: row
            for row in Nomination.objects.filter(pk__in=list(self.results))
            .select_related("unit", "form")
            .prefetch_related("unit__names")
            .defer("report", "summary")
        }
        self.units = {row.unit_id: name_on(row.unit, day).full_name for row in self.nominations.values()}
        self.out, self.kept = notes_on(list(self.results))
        self.secretary = secretary_on(day)

    @property
    def present(self):
        return [member for member in self.members if member.present]

    @property
    def absent(self):
        return [member for member in self.members if not member.present]

    @property
    def presiding(self):
        """The chair, or the deputy who is there instead."""
        roles = (CouncilMember.Role.CHAIR, CouncilMember.Role.VICE_CHAIR)
        there = [member for role in roles for member in self.present if member.role == role]
        return there[0] if there else None

    def groups(self):
        """[(title, [Result])] by form and kind of subject, in their order."""
        found = {}
        for pk, row in self.results.items():
            nomination = self.nominations[pk]
            kind = SubjectKind(nomination.subject_kind).label
            found.setdefault(f"{clean(nomination.form.name)} ({kind})", []).append(row)
        return found.items()

    def label(self, pk):
        return nominee(self.nominations[pk], self.units)


def secretary_on(day):
    """Who held the post of the council's secretary on that day; dots where nobody did."""
    post = (
        Post.objects.on(day)
        .filter(role=Role.COUNCIL_SECRETARY)
        .select_related("user")
        .order_by("valid_from", "pk")
        .first()
    )
    return clean(post.user.full_name) if post else ""


def nominee(nomination, units):
    """«Trần Thị Hà, Bí thư Đoàn xã, Xã Lộc Thái; Huyện Đoàn Lộc Ninh»"""
    parts = [nomination.name, nomination.position, nomination.workplace]
    return f"{', '.join(clean(one) for one in parts if one)}; {units[nomination.unit_id]}"


def basis(council):
    if council.basis:
        yield Text(f"Căn cứ {clean(council.basis).rstrip('.;,')};", Style.BASIS)


def clock_of(value):
    return f"{value.hour} giờ {value.minute:02d}" if value else DOTS


def time_and_place(council):
    day = format_date(council.sits_on) if council.sits_on else DOTS
    yield Text("I. THỜI GIAN, ĐỊA ĐIỂM", Style.HEADING)
    yield Text(
        f"1. Thời gian: từ {clock_of(council.starts_time)} đến {clock_of(council.ends_time)}, ngày {day}."
    )
    yield Text(f"2. Địa điểm: {sentence(council.place) or DOTS}")


def attendance(facts):
    everybody, there = len(facts.members), len(facts.present)
    presiding = facts.presiding
    chair = f"đồng chí {clean(presiding.name)}, {clean(presiding.title)}" if presiding else DOTS
    yield Text("II. THÀNH PHẦN", Style.HEADING)
    yield Text(f"1. Chủ trì: {chair}" + (f", {presiding.get_role_display()} Hội đồng." if presiding else "."))
    yield Text(f"2. Thư ký: {f'đồng chí {facts.secretary}' if facts.secretary else DOTS}.")
    yield Text(f"3. Thành viên Hội đồng: {everybody} đồng chí; có mặt {there}/{everybody}.")
    if facts.absent:
        words = "; ".join(
            f"{facts.names[member.pk]} ({clean(member.absence_reason) or 'chưa ghi lý do'})"
            for member in facts.absent
        )
        yield Text(f"Vắng {len(facts.absent)}: {words}.")
    yield Table(
        columns=tuple(column for column, _ in MEMBER_COLUMNS),
        head=(tuple(HeadCell(word) for _, word in MEMBER_COLUMNS),),
        rows=tuple(
            Row(
                (
                    str(number),
                    facts.names[member.pk],
                    clean(member.title),
                    member.get_role_display(),
                    "có mặt" if member.present else "vắng",
                )
            )
            for number, member in enumerate(facts.members, start=1)
        ),
        small=True,
    )
    yield Text(quorum_line(facts, everybody, there))


def quorum_line(facts, everybody, there):
    award_round = facts.round
    numerator, denominator = award_round.quorum_numerator, award_round.quorum_denominator
    needed = needed_for_quorum(members=everybody, numerator=numerator, denominator=denominator)
    verdict = "đủ số thành viên, phiên họp hợp lệ" if there >= needed else "chưa đủ số thành viên"
    return (
        f"Quy định của đợt: phải có mặt ít nhất {numerator}/{denominator} số thành viên, tức {needed} đồng "
        f"chí. Có mặt {there}/{everybody}: {verdict}."
    )


def way_of_voting(facts):
    award_round = facts.round
    threshold = format_number(award_round.threshold_percent)
    yield Text("III. NỘI DUNG", Style.HEADING)
    yield Text(
        f"1. Hội đồng xét {len(facts.results)} hồ sơ đề nghị khen thưởng của {len(facts.units)} đơn vị trong "
        f"{lower_first(clean(award_round.name))}."
    )
    yield Text(
        f"2. Cách biểu quyết: {METHOD_WORDS[award_round.method]}. Hồ sơ được đề nghị khen khi số đồng ý đạt "
        f"ít nhất {threshold}%, tính trên {BASE_WORDS[award_round.base]}; thành viên không tham gia biểu "
        "quyết một hồ sơ thì không tính vào số đó. Phiếu trắng, phiếu không hợp lệ, phiếu không thu về không "
        "phải là đồng ý."
    )
    yield Text(
        "3. Khi số hồ sơ đủ tỷ lệ nhiều hơn số lượng của hình thức, chọn hồ sơ nhiều phiếu đồng ý hơn. Các "
        "hồ sơ bằng phiếu được bỏ phiếu lại với nhau để phân định, nhiều nhất "
        f"{award_round.most_ballots} lần bỏ phiếu; sau đó còn bằng phiếu thì Chủ tịch Hội đồng quyết định."
    )
    lines = paragraphs(facts.council.discussion)
    if lines:
        yield Text("4. Ý kiến trao đổi:")
        for line in lines:
            yield Text(sentence(line), Style.ITEM)
    for pk, reasons in facts.kept.items():
        for member_id, reason in reasons.items():
            yield Text(
                f"Thành viên {facts.names[member_id]} thuộc đơn vị của hồ sơ {facts.label(pk)} vẫn biểu "
                f"quyết: {sentence(reason)}"
            )


def outcome(facts):
    yield Text("IV. KẾT QUẢ", Style.HEADING)
    for number, (title, rows) in enumerate(facts.groups(), start=1):
        yield Text(group_line(number, title, rows))
        yield from ties(facts, rows)
    yield Text("Kết quả kiểm phiếu của từng hồ sơ ghi tại Phụ lục kèm theo Biên bản này.")


def group_line(number, title, rows):
    limit = rows[0].limit
    tally = {kind: sum(row.outcome == kind for row in rows) for kind in Outcome}
    words = (
        f"{number}. {title}: xét {len(rows)} hồ sơ; đề nghị khen {tally[Outcome.RECOMMENDED]}; "
        f"không đề nghị {tally[Outcome.NOT]}"
    )
    open_ones = tally[Outcome.WAITING] + tally[Outcome.TIE_OPEN]
    if open_ones:
        words += f"; chưa phân định {open_ones}"
    return f"{words}. Số lượng nhiều nhất: {'không giới hạn' if limit is None else limit}."


def ties(facts, rows):
    """Re-votes and rulings of a form, each in a sentence."""
    revoted = {}
    for row in rows:
        for count in row.counts:
            if count.ballot > 1:
                revoted.setdefault(count.ballot, []).append((row, count))
    for ballot, pairs in sorted(revoted.items()):
        words = "; ".join(
            f"{facts.label(row.nomination_id)}: {count.votes_for} đồng ý" for row, count in pairs
        )
        yield Text(f"- Bỏ phiếu lần {ballot} giữa các hồ sơ bằng phiếu: {words}.", Style.ITEM)
    for row in rows:
        if row.verdict.why in (Why.RULED_IN, Why.RULED_OUT):
            what = "đề nghị khen" if row.verdict.why == Why.RULED_IN else "không đề nghị"
            yield Text(
                f"- Bằng phiếu sau lần {row.verdict.ballot}; Chủ tịch Hội đồng quyết định {what} "
                f"{facts.label(row.nomination_id)}: {sentence(row.ruling_reason)}",
                Style.ITEM,
            )


def closing(council):
    yield Text(
        f"Phiên họp kết thúc lúc {clock_of(council.ends_time)} cùng ngày. Biên bản được đọc lại cho các "
        "thành viên Hội đồng có mặt và được thông qua./."
    )


def count_annex(facts, day):
    rows = []
    for title, found in facts.groups():
        rows.append(Row((title,), RowKind.GROUP))
        for number, result in enumerate(found, start=1):
            rows += count_rows(facts, number, result)
    reference = format_date(facts.council.sits_on) if facts.council.sits_on else DOTS
    return Annex(
        title="KẾT QUẢ KIỂM PHIẾU",
        reference=f"(Kèm theo Biên bản họp Hội đồng xét khen thưởng ngày {reference})",
        blocks=(
            Table(
                columns=tuple(column for column, _ in COUNT_COLUMNS),
                head=(tuple(HeadCell(word) for _, word in COUNT_COLUMNS),),
                rows=tuple(rows),
                small=True,
            ),
            Text(sentence(f"Bảng này có {len(facts.results)} hồ sơ"), Style.NOTE),
        ),
        landscape=True,
    )


def count_rows(facts, number, result):
    """One row a ballot; who it is about and who did not vote stand in the first, the result in the last."""
    out = facts.out.get(result.nomination_id, {})
    who = (
        str(number),
        facts.label(result.nomination_id),
        "; ".join(f"{facts.names[pk]} ({clean(reason)})" for pk, reason in out.items()),
    )
    if not result.counts:
        return [Row((*who, *[""] * 9, RESULT_WORDS[result.outcome]))]
    return [
        Row(
            (
                *(who if place == 0 else ("", "", "")),
                *numbers(count),
                result_cell(result, count, last=place == len(result.counts) - 1),
            )
        )
        for place, count in enumerate(result.counts)
    ]


def numbers(count):
    figures = Figures(count.issued, count.votes_for, count.votes_against, count.blank, count.invalid)
    return (
        str(count.ballot),
        str(count.issued),
        str(count.votes_for),
        str(count.votes_against),
        str(count.blank),
        str(count.invalid),
        str(figures.not_returned),
        str(count.base),
        format_percent(count.votes_for, count.base),
    )


def result_cell(result, count, *, last):
    if not count.confirmed_by_id:
        return "Chờ xác nhận"
    if not last:
        return "Bằng phiếu, bỏ phiếu lại"
    words = RESULT_WORDS[result.outcome]
    if result.verdict.why in (Why.RULED_IN, Why.RULED_OUT):
        return f"{words} (Chủ tịch quyết định)"
    if result.verdict.why in (Why.REVOTE_WON, Why.REVOTE_LOST):
        return f"{words} (phân định ở lần {result.verdict.ballot})"
    if result.verdict.why == Why.BEYOND_LIMIT:
        return f"{words} (ngoài số lượng)"
    if result.verdict.why == Why.TOO_FEW:
        return f"{words} (chưa đủ tỷ lệ)"
    return words
