"""Workbooks as people make them: rows under headings, by openpyxl, plain."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from volunteers.workbook.imports import start_import

HEADINGS = [
    "Họ và tên",
    "Năm sinh",
    "Giới tính",
    "Chức vụ",
    "Đơn vị công tác",
    "Số điện thoại",
    "Vai trò",
    "Từ ngày",
    "Đến hết ngày",
    "Căn cứ",
    "Người giám hộ đồng ý",
    "Ngày đồng ý",
]
ID = "Mã (không sửa)"


def workbook(rows, *, headings=HEADINGS, sheet="Danh sách"):
    """The bytes of a workbook with one sheet."""
    book = Workbook()
    page = book.active
    page.title = sheet
    page.append(headings)
    for row in rows:
        page.append(row)
    return saved(book)


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def person(name="Nguyễn Thị Lan", year=1998, *more):
    return [name, year, *more]


def upload(content, name="danh-sach.xlsx"):
    return SimpleUploadedFile(name, content)


def start(content, *, team=None, unit=None, kind="danh-sach", by, as_of=None):
    return start_import(
        upload=upload(content),
        kind=kind,
        unit=unit or team.unit,
        team=team,
        by=by,
        as_of=as_of,
    )


def findings(row, level=None):
    """[(level, cell, message)] of an import."""
    return [
        (finding["level"], finding["cell"], finding["message"])
        for finding in row.findings
        if level in (None, finding["level"])
    ]
