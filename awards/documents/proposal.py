"""Tờ trình of a unit: on its own letterhead, with the list of whom it proposes (domain.md §3.2)."""

from doanportal.formats import format_date
from doanportal.paper import Column, Paper, Style, Text
from doanportal.paper.text import clean, recipient_lines
from units.letterhead import province_names_on, signature_of

from ..models import AwardForm
from .parts import body_of, by_form, counted_words, grouped_table, head_of, where, who

HEAD = ("TT", "Tập thể, cá nhân", "Chức vụ, đơn vị", "Phiếu đồng ý")
COLUMNS = (Column(9), Column(58, "left"), Column(66, "left"), Column(24))
RECIPIENTS = ("Như trên", "Ban Phong trào Tỉnh Đoàn", "Thường trực {unit} (b/c)", "Lưu: VP")


def context(dossier, nominations, *, day=None):
    """The Paper; number and day stay blank until the clerk gives them. Four queries."""
    head, name, day = head_of(dossier, "TTr", day=day)
    province, _ = province_names_on(day)
    body, province_body = body_of(name), f"Ban Thường vụ {province.full_name}"
    achievement = clean(dossier.round.achievement).rstrip(".")
    return Paper(
        letterhead=head,
        document_type="TỜ TRÌNH",
        subject=f"Về việc đề nghị khen thưởng – {clean(dossier.round.name)}",
        blocks=(
            Text(f"Kính gửi: {province_body}", Style.CENTER),
            *bases(dossier),
            Text(
                f"{body} kính trình {province_body} xem xét{upwards(nominations)} khen thưởng cho "
                f"{counted_words(nominations)} đã có thành tích xuất sắc trong {achievement}, cụ thể:"
            ),
            *(
                Text(f"- {clean(form.name)}: {counted_words(rows)}.", Style.ITEM)
                for form, rows in by_form(nominations)
            ),
            grouped_table(COLUMNS, HEAD, nominations, lambda number, row: line_of(dossier, number, row)),
            Text(
                "Hồ sơ gửi kèm gồm: danh sách trích ngang, báo cáo thành tích có xác nhận của thủ trưởng "
                "trực tiếp, biên bản họp xét của đơn vị và minh chứng."
            ),
            Text(f"{body} kính đề nghị {province_body} xem xét, quyết định./."),
        ),
        recipients=recipient_lines("\n".join(RECIPIENTS).replace("{unit}", name.full_name)),
        signature=signature_of(name),
    )


def upwards(nominations):
    """What is asked beside the Standing Committee's own award where a higher one is proposed."""
    higher = any(row.form.level == AwardForm.Level.HIGHER for row in nominations)
    return ", khen thưởng và đề nghị cấp trên" if higher else ","


def bases(dossier):
    notice = getattr(dossier.round, "notice", None)
    lines = []
    if notice is not None and notice.is_issued:
        lines.append(
            f"Căn cứ Thông báo số {notice.full_number} ngày {format_date(notice.date)} "
            f"về {clean(dossier.round.name)};"
        )
    else:
        lines.append(f"Căn cứ quy định của đợt xét chọn «{clean(dossier.round.name)}»;")
    if dossier.met_on:
        lines.append(f"Căn cứ biên bản họp xét khen thưởng của đơn vị ngày {format_date(dossier.met_on)},")
    else:
        lines.append("Căn cứ biên bản họp xét khen thưởng của đơn vị,")
    return [Text(line, Style.BASIS) for line in lines]


def line_of(dossier, number, nomination):
    votes = "" if nomination.votes_for is None else f"{nomination.votes_for}/{dossier.present}"
    return (str(number), who(nomination), where(nomination), votes)
