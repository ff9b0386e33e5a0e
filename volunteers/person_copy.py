"""Everything held about one person, for that person: as JSON, or as a PDF that says who took it and why."""

import json

from django.template.loader import render_to_string
from django.utils import timezone

from doanportal.formats import format_date, format_moment
from doanportal.pdf import html_to_pdf

from .access_log import certain_accesses
from .erasure import found_elsewhere
from .queries_personal import held_of

TEMPLATE, STYLESHEET = "volunteers/personal/copy_paper.html", "volunteers/personal/copy_paper.css"


def copy_of(person):
    """[(title, [(label, text)])] of all that the portal holds of the person, newest first within a part."""
    held = held_of(person)
    return [
        ("Thông tin", details(person)),
        ("Thời gian ở đội hình", [place_line(row, row.role or "thành viên") for row in held.memberships]),
        ("Chức danh trong Ban Chỉ huy đội", [place_line(row, row.get_role_display()) for row in held.seats]),
        ("Sự đồng ý", [consent_line(row) for row in held.consents]),
        ("Yêu cầu về dữ liệu", [request_line(row) for row in held.requests]),
        (
            "Danh sách đã gửi Tỉnh Đoàn",
            [(place.what, place.held) for place in found_elsewhere(person) if place.held],
        ),
        ("Lượt xem, lấy riêng thông tin này", [access_line(row) for row in accesses(person)]),
    ]


def details(person):
    return [
        ("Họ và tên", person.full_name),
        ("Năm sinh", str(person.birth_year or "")),
        ("Giới tính", person.get_gender_display()),
        ("Chức vụ", person.position),
        ("Đơn vị công tác, học tập", person.workplace),
        ("Số điện thoại", person.phone),
        ("Đơn vị quản lý", person.unit.label),
        ("Ghi lúc", format_moment(person.created_at)),
        ("Hạn chế xử lý từ", format_moment(person.restricted_at) if person.restricted_at else "không"),
    ]


def place_line(row, role):
    until = f"đến trước {format_date(row.valid_to)}" if row.valid_to else "đến nay"
    basis = f", căn cứ {row.basis}" if row.basis else ""
    return row.team.name, f"{role}, từ {format_date(row.valid_from)} {until}{basis}"


def consent_line(row):
    guardian = f" ({row.guardian_name})" if row.guardian_name else ""
    text = f"{row.get_by_display()}{guardian}, {row.get_channel_display()}, ngày {format_date(row.given_on)}"
    if row.withdrawn_at:
        text += f"; rút lại {format_moment(row.withdrawn_at)}"
    return str(row.text), text


def request_line(row):
    outcome = f": {row.outcome}" if row.outcome else ""
    return (
        row.get_kind_display(),
        f"nhận {format_moment(row.received_at)}, {row.get_state_display()}{outcome}",
    )


def accesses(person):
    return certain_accesses(person).select_related("unit").order_by("-at", "-pk")


def access_line(row):
    reason = f", lý do: {row.reason}" if row.reason else ""
    return format_moment(row.at), f"{row.get_kind_display()} ({row.fields}){reason}"


def as_json(person, *, reason, at):
    """The copy as JSON text; empty parts stand as empty lists."""
    parts = {
        title: [{"mục": label, "nội dung": text} for label, text in rows] for title, rows in copy_of(person)
    }
    head = {"lập lúc": timezone.localtime(at).isoformat(timespec="seconds"), "lý do": reason}
    return json.dumps(head | parts, ensure_ascii=False, indent=2)


def as_pdf(person, *, reason, at, by):
    """The copy as PDF; the mark across each page names the account that took it and when."""
    context = {
        "parts": copy_of(person),
        "unit": person.unit.label,
        "reason": reason,
        "at": format_moment(at),
        "mark": f"Bản sao · tài khoản {by.pk} · {format_moment(at)}",
    }
    return html_to_pdf(render_to_string(TEMPLATE, context), stylesheets=[render_to_string(STYLESHEET)])
