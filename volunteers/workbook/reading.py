"""From the rows of a sheet to rows of plain values by field: headings found, each cell read or explained."""

from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from re import compile as pattern

from openpyxl.utils import get_column_letter

from doanportal.textfold import fold
from doanportal.typed import clean_line

from .columns import CellError, fold_heading
from .findings import Findings, WorkbookRefused, place
from .package import Package
from .sheet_reader import FORMULA, ExcelError, SheetReader, read_strings

HEADER_WITHIN = 30  # rows with something in them
CANDIDATE_SHEETS = 10
MARK_SHEET = "_mau"
MARK = "doanportal"
# Headings of what is not collected, by words of their folded name (domain.md §5.1).
SENSITIVE = (
    (("dan toc",), "nguồn gốc dân tộc"),
    (("ton giao",), "tôn giáo"),
    (("dang vien", "ngay vao dang", "the dang", "chinh tri"), "đảng viên, quan điểm chính trị"),
    (("cccd", "cmnd", "can cuoc", "chung minh", "dinh danh", "ho chieu", "cmtnd"), "số định danh"),
    (("anh the", "anh giay to", "anh cccd", "hinh anh", "anh chan dung"), "ảnh giấy tờ, ảnh chân dung"),
    (("suc khoe", "benh"), "sức khỏe"),
)
UNWANTED = ("tt", "stt", "so tt", "so thu tu", "ma", "ma khong sua")
RANGE = pattern(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
PASTE_VALUES = "Chép ô, dán đặc biệt (Paste Special) → Giá trị (Values), rồi lưu lại."


@dataclass
class Row:
    """One row of the table: its number in the sheet, the hidden id of what it changes, values by field."""

    number: int
    values: dict
    id: int | None = None
    wrong: bool = False


@dataclass
class Reading:
    """What was read: rows, the place of each column, findings; of the upload itself nothing is left."""

    sheet: str
    columns: dict  # field key → column number
    rows: list
    findings: Findings
    version: int | None = None
    team_id: int | None = None


@dataclass
class Context:
    """What a column needs beside the cell."""

    today: date
    date_1904: bool
    findings: Findings
    cell: str = ""

    def repair(self, text):
        self.findings.note_alike(self.cell, text)


@dataclass
class Header:
    number: int
    texts: dict
    columns: dict = field(default_factory=dict)
    id_column: int | None = None
    unknown: dict = field(default_factory=dict)
    doubled: list = field(default_factory=list)


def read_workbook(content, definition, *, today):
    """The Reading of an upload. Raises WorkbookRefused where nothing of it can be used."""
    package = Package(content)
    strings = read_strings(package)
    mark = read_mark(package, strings)
    if mark and mark.kind != definition.kind:
        raise WorkbookRefused(
            f"Tệp này là mẫu khác, không phải mẫu «{definition.title}».",
            "Tải đúng mẫu ở trang này rồi chép các dòng sang.",
        )
    name, part, header = find_table(package, strings, definition)
    reading = Reading(name, header.columns, [], Findings(name))
    if mark:
        reading.version, reading.team_id = mark.version, mark.team_id
    tell_of_file(package, mark, definition, reading)
    tell_of_header(header, definition, reading)
    read_rows(package, part, strings, header, definition, reading, today)
    reading.findings.close()
    return reading


@dataclass(frozen=True)
class Mark:
    """What a template of the portal carries on its hidden sheet."""

    kind: str
    version: int
    team_id: int | None


def read_mark(package, strings):
    """The Mark of the file, None for people's own files."""
    part = next((part for name, part, _ in package.sheets if name == MARK_SHEET), None)
    if part is None:
        return None
    first = next(iter(SheetReader(package, part, strings).rows()), (0, {}))[1]
    if first.get(1) != MARK or not isinstance(first.get(2), str) or not isinstance(first.get(3), int):
        return None
    team_id = first.get(4)
    return Mark(first[2], first[3], team_id if type(team_id) is int else None)


def find_table(package, strings, definition):
    """(sheet name, part, Header): the sheet of the template's name, else the first that has the headings."""
    visible = [(name, part) for name, part, hidden in package.sheets if not hidden]
    visible.sort(key=lambda row: fold(row[0]) != fold(definition.sheet))
    best = None
    for name, part in visible[:CANDIDATE_SHEETS]:
        header = find_header(SheetReader(package, part, strings).rows(), definition)
        if header and not missing(header, definition):
            return name, part, header
        if header and (best is None or len(header.columns) > len(best[1].columns)):
            best = name, header
    if best and len(best[1].columns) > 1:
        name, header = best
        gone = ", ".join(f"«{column.heading}»" for column in missing(header, definition))
        raise WorkbookRefused(
            f"Trang tính «{name}», dòng {header.number}: thiếu cột {gone}.",
            "Thêm cột thiếu đúng tên, hoặc chép các dòng sang mẫu tải từ trang này.",
        )
    wanted = ", ".join(f"«{column.heading}»" for column in definition.columns if column.required)
    raise WorkbookRefused(
        f"Không tìm thấy bảng trong tệp: cần một dòng tiêu đề có các cột {wanted}.",
        "Tải mẫu ở trang này, chép các dòng sang rồi tải lên lại.",
    )


def missing(header, definition):
    return [column for column in definition.columns if column.required and column.key not in header.columns]


def find_header(rows, definition):
    """The row of the first ones that has the most headings of the table; None where none has any."""
    best = None
    for number, cells in islice(rows, HEADER_WITHIN):
        header = header_of(number, cells, definition)
        if header.columns and (best is None or len(header.columns) > len(best.columns)):
            best = header
        if best and not missing(best, definition):
            break
    return best


def header_of(number, cells, definition):
    header = Header(number, texts=cells)
    for column_number, value in cells.items():
        if not isinstance(value, str) or isinstance(value, ExcelError):
            continue
        name = fold_heading(value)
        if name == fold_heading(definition.id_heading):
            header.id_column = column_number
            continue
        column = definition.by_name.get(name)
        if column is None:
            header.unknown[column_number] = value
        elif column.key in header.columns:
            header.doubled.append((column_number, column))
        else:
            header.columns[column.key] = column_number
    return header


def tell_of_file(package, mark, definition, reading):
    findings = reading.findings
    if mark is None:
        findings.note(
            "",
            "Tệp không phải mẫu của cổng; các cột được nhận theo tên.",
            "Không cần sửa nếu các cột dưới đây đúng.",
        )
    elif mark.version > definition.version:
        raise WorkbookRefused("Mẫu này mới hơn phiên bản của cổng.", "Tải lại mẫu ở trang này.")
    elif mark.version < definition.version:
        findings.warning("", "Mẫu này là bản cũ, vẫn đọc được.", "Lần sau hãy tải mẫu mới ở trang này.")
    for words in package.extras:
        findings.note("", f"Tệp có {words}; cổng không đọc và không lưu.", "Không cần sửa.")


def tell_of_header(header, definition, reading):
    """One finding for each column that is left out, above all for what must not be collected."""
    for column_number, value in header.unknown.items():
        cell, name, heading = place(header.number, column_number), fold_heading(value), clean_line(value, 60)
        if any(word in name for words, _ in SENSITIVE for word in words):
            reading.findings.warning(
                cell,
                f"Cột «{heading}» không được thu thập (dữ liệu nhạy cảm), đã bỏ qua.",
                "Xóa cột này khỏi tệp; cổng không lưu lại nội dung của cột.",
            )
        elif name and name not in UNWANTED:
            reading.findings.note(
                cell,
                f"Cột «{heading}» không có trong mẫu, đã bỏ qua.",
                "Không cần sửa nếu không dùng cột này.",
            )
    for column_number, column in header.doubled:
        reading.findings.error(
            place(header.number, column_number),
            f"Cột «{column.heading}» có hai lần.",
            "Giữ một cột, xóa cột kia.",
        )
    absent = [column.heading for column in definition.columns if column.key not in header.columns]
    if absent:
        names = ", ".join(f"«{name}»" for name in absent)
        reading.findings.note("", f"Tệp không có cột {names}; nội dung đang có giữ nguyên.", "Không cần sửa.")


def read_rows(package, part, strings, header, definition, reading, today):
    """Fill reading.rows; tell of cells, merged ranges and what lies beside the table."""
    findings = reading.findings
    context = Context(today, package.date_1904, findings)
    wanted = [
        (column, header.columns[column.key], get_column_letter(header.columns[column.key]))
        for column in definition.columns
        if column.key in header.columns
    ]
    reader = SheetReader(package, part, strings)
    for number, cells in reader.rows():
        if number <= header.number or not any(at in cells for _, at, _ in wanted):
            continue
        if repeats(header, cells, wanted):
            findings.warning(f"A{number}", "Dòng này lặp lại tiêu đề, đã bỏ qua.", "Xóa dòng này khỏi tệp.")
            continue
        row = read_row(number, cells, wanted, context)
        read_id(row, cells, header, findings)
        reading.rows.append(row)
    tell_of_merges(reader.merges, header, wanted, findings)
    if reader.far:
        findings.note(reader.far, "Có nội dung ngoài bảng, đã bỏ qua.", "Xóa ô này nếu không dùng.")


def repeats(header, cells, wanted):
    """Whether the row says the headings once more, as lists pasted together do."""
    return all(cells.get(at) == header.texts[at] for column, at, _ in wanted if column.required)


def read_row(number, cells, wanted, context):
    row = Row(number, {})
    findings = context.findings
    for column, at, letter in wanted:
        value = cells.get(at)
        if value is None:
            if column.required:
                row.wrong = True
                findings.error(
                    f"{letter}{number}", f"Thiếu «{column.heading}».", column.help or "Điền ô này."
                )
            continue
        context.cell = f"{letter}{number}"
        try:
            if value is FORMULA:
                raise CellError("Ô là công thức.", PASTE_VALUES)
            if isinstance(value, ExcelError):
                raise CellError(f"Ô có lỗi của Excel ({value}).", "Sửa hoặc xóa ô này.")
            read = column.read(value, context)
        except CellError as error:
            row.wrong = True
            findings.error(context.cell, f"{column.heading}: {error}", error.cure)
            continue
        if read == "" and column.required:
            refuse_blank(row, column, context.cell, findings)
        elif read != "":
            row.values[column.key] = read
    return row


def refuse_blank(row, column, cell, findings):
    row.wrong = True
    findings.error(cell, f"Thiếu «{column.heading}».", column.help or "Điền ô này.")


def read_id(row, cells, header, findings):
    value = cells.get(header.id_column) if header.id_column else None
    if value is None:
        return
    text = str(value).strip()
    if text.isascii() and text.isdigit() and 0 < len(text) < 19:
        row.id = int(text)
    else:
        row.wrong = True
        findings.error(
            place(row.number, header.id_column),
            "Mã ở cột ẩn đã bị sửa.",
            "Xóa mã ở cột ẩn của dòng này (dòng sẽ được nhận theo tên), hoặc tải lại danh sách hiện có.",
        )


def tell_of_merges(merges, header, wanted, findings):
    """Merged cells in the table hide values; in the title above it they do no harm."""
    letters = {letter for _, _, letter in wanted}
    for text in merges:
        match = RANGE.fullmatch(text)
        if match and int(match[4]) > header.number and (match[1] in letters or match[3] in letters):
            findings.error(
                text, "Ô gộp trong bảng: Excel chỉ giữ nội dung ô đầu.", "Bỏ gộp ô (Unmerge) rồi điền từng ô."
            )
