"""Báo cáo thành tích of one nominee, with the confirmation of the direct manager beside the signature."""

import re

from doanportal.paper import Paper, Signature, Style, Text
from doanportal.paper.text import clean, paragraphs

from ..models import SubjectKind
from .parts import gender_words, head_of

HEADING = re.compile(r"[IVX]{1,5}\.\s")
SUBHEADING = re.compile(r"[0-9]{1,2}\.\s")
LONGEST_HEADING = 120


def context(dossier, nomination, *, day=None):
    """The Paper; lines that begin with I., II. or 1. are set as headings. Names only queries."""
    head = head_of(dossier, "", day=day)[0]
    individual = nomination.subject_kind == SubjectKind.INDIVIDUAL
    return Paper(
        letterhead=head,
        document_type="BÁO CÁO THÀNH TÍCH",
        subject=f"Đề nghị tặng {clean(nomination.form.name)}",
        subject_notes=(f"({clean(nomination.name)})",),
        blocks=(*facts(nomination, individual), *report_blocks(nomination)),
        recipients=(),
        signature=Signature(
            "NGƯỜI BÁO CÁO" if individual else "THỦ TRƯỞNG TẬP THỂ",
            "",
            clean(nomination.name) if individual else "",
        ),
        countersignature=Signature(
            "XÁC NHẬN CỦA THỦ TRƯỞNG",
            clean(nomination.confirmed_title).upper(),
            clean(nomination.confirmed_by),
        ),
    )


def facts(nomination, individual):
    lines = [("Họ và tên" if individual else "Tên tập thể", nomination.name)]
    if individual:
        lines += [
            ("Năm sinh", str(nomination.birth_year or "")),
            ("Giới tính", gender_words(nomination)),
            ("Chức vụ", nomination.position),
            ("Đơn vị công tác", nomination.workplace),
        ]
    else:
        lines += [
            ("Thuộc đơn vị", nomination.workplace),
            ("Số người", "" if nomination.members is None else str(nomination.members)),
        ]
    return [Text(f"{clean(text)}.", Style.BODY, lead=f"{label}:") for label, text in lines if text]


def report_blocks(nomination):
    for line in paragraphs(nomination.report):
        if HEADING.match(line) and len(line) <= LONGEST_HEADING:
            yield Text(line, Style.HEADING)
        elif SUBHEADING.match(line) and line.endswith(":") and len(line) <= LONGEST_HEADING:
            yield Text(line, Style.SUBHEADING)
        else:
            yield Text(line)
