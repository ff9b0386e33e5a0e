"""Sixty workbooks made to break a reader, or just made by people; each with what it must come to.

REFUSED: nothing is read, the words say why. TOLD: read, and a finding says so. FINE: read without a word.
Large parts are numbered, so that they do not fall to the look at how well they pack.
"""

import struct
import warnings
import zipfile
from dataclasses import dataclass
from io import BytesIO
from unicodedata import normalize

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
HEADINGS = ("Họ và tên", "Năm sinh", "Số điện thoại", "Chức vụ", "Từ ngày")
LAN = ("Nguyễn Thị Lan", 1998)
REFUSED, TOLD, FINE = "refused", "told", "fine"


@dataclass(frozen=True)
class Hostile:
    name: str
    make: object
    outcome: str
    words: str = ""


def text(value):
    return f'<c t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def cell(value):
    if value is None:
        return "<c/>"
    return f"<c><v>{value}</v></c>" if isinstance(value, int | float) else text(value)


def row(*values):
    return f"<row>{''.join(map(cell, values))}</row>"


def sheet(*rows, after="", before="", space=MAIN):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet xmlns="{space}"><sheetData>'
        f"{''.join(rows)}</sheetData>{after}</worksheet>"
    )


def table(*rows, **more):
    return sheet(row(*HEADINGS), *rows, **more)


def parts(sheet_xml=None, **more):
    """The parts of a small workbook with one sheet; more by name, __ for / and _dot_ for a dot."""
    main = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Danh sách" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    relations = (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": main,
        "xl/_rels/workbook.xml.rels": relations,
        SHEET: sheet_xml if sheet_xml is not None else table(row(*LAN)),
    } | more


def packed(contents, *, compression=zipfile.ZIP_DEFLATED):
    """The zip of {name: text or bytes}, or of [(name, content)] where a name comes twice."""
    out = BytesIO()
    entries = contents.items() if isinstance(contents, dict) else contents
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", compression) as archive:
        warnings.simplefilter("ignore", UserWarning)  # names that come twice are wanted here
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def of(*rows, **more):
    """A maker of a workbook with the table and these rows."""
    return lambda: packed(parts(table(*rows, **more)))


def of_sheet(make):
    return lambda: packed(parts(make()))


def with_part(name, content, sheet_xml=None):
    return lambda: packed(parts(sheet_xml) | {name: content})


# Not a workbook at all


def ole(marker):
    return lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + marker.encode("utf-16-le") + bytes(2048)


def plain(content):
    return lambda: content


def truncated():
    return packed(parts())[:-400]


def cut_in_the_middle():
    whole = packed(parts(table(*[row(f"Người {n}", 1990) for n in range(3000)])))
    return whole[:2000] + whole[6000:]


# The zip


def bomb():
    """Half a megabyte that unpacks to two hundred."""
    return packed(parts() | {SHEET: sheet("<row/>" * 10) + " " * 200_000_000})


def many_parts_bomb():
    return packed(parts() | {f"xl/media/image{n}.bin": bytes(20_000_000) for n in range(10)})


def lying_size():
    """The directory says 900 bytes, the part goes on for ten million."""
    content = bytearray(packed(parts(table() + " " * 10_000_000)))
    for signature, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = content.rfind(SHEET.encode())
        start = content.rfind(signature, 0, place) if signature == b"PK\x01\x02" else content.find(signature)
        while signature == b"PK\x03\x04" and content[start + 30 : start + 30 + len(SHEET)] != SHEET.encode():
            start = content.find(signature, start + 4)
        struct.pack_into("<L", content, start + at, 900)
    return bytes(content)


def many_entries():
    return packed(parts() | {f"xl/x{n}": "" for n in range(1500)})


def many_entries_hidden():
    """A directory of ten thousand entries whose end says one."""
    content = bytearray(packed(parts() | {f"xl/x{n}": "" for n in range(10_000)}))
    end = content.rfind(b"PK\x05\x06")
    struct.pack_into("<2H", content, end + 8, 1, 1)
    return bytes(content)


def doubled():
    return packed([*parts().items(), (SHEET, table(row("Kẻ Mạo Danh", 1990)))])


def doubled_by_case():
    return packed(parts() | {SHEET.upper(): table()})


def encrypted_entry():
    content = bytearray(packed(parts()))
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def zipped_workbook():
    return packed({"danh-sach.xlsx": packed(parts())})


# The XML


def entities(count=9):
    lines = ['<!ENTITY e0 "ha">']
    lines += [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, count)]
    return f"<!DOCTYPE x [{''.join(lines)}]>"


def far_cell():
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    return table(row(*LAN), far)


def far_dimension():
    return table(row(*LAN)).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')


def blank_rows():
    blank = "".join(
        f'<row r="{n}">{"<c s=1/>".replace("1", chr(34) + "1" + chr(34)) * 12}</row>'
        for n in range(3, 10_003)
    )
    return table(row(*LAN), blank)


def million_rows():
    return table(row(*LAN), "".join(f'<row r="{n}"/>' for n in range(3, 1_048_577)))


def million_cells():
    return table(
        row(*LAN), f"<row>{''.join(f'<c s={chr(34)}{n % 997}{chr(34)}/>' for n in range(3_000_000))}</row>"
    )


def wide_row():
    return table(f"<row>{''.join(text(n) for n in range(100_000))}</row>")


def deep():
    return table(row(*LAN)).replace("</worksheet>", "<a>" * 100_000 + "</a>" * 100_000 + "</worksheet>")


def long_attribute():
    return table(row(*LAN)).replace("<row>", f'<row spans="{"".join(map(str, range(900_000)))}">', 1)


def too_many_rows():
    return table(*[row(f"Người thứ {n}", 1990) for n in range(20_500)])


def huge_text():
    return table(row(" ".join(f"Lan {n}" for n in range(900_000)), 1998))


def strings_bomb():
    items = "".join(f"<si><t>{n}</t></si>" for n in range(700_000))
    return packed(parts() | {STRINGS: f'<sst xmlns="{MAIN}">{items}</sst>'})


def styles_bomb():
    xfs = "".join(f'<xf fontId="{n}"/>' for n in range(1_000_000))
    return packed(
        parts() | {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{xfs}</cellXfs></styleSheet>'}
    )


def by_shared_strings(strings=None):
    body = table(f'<row><c t="s"><v>0</v></c>{cell(1998)}</row>')
    more = {STRINGS: strings} if strings else {}
    return lambda: packed(parts(body) | more)


def broken_relation():
    broken = parts()["xl/_rels/workbook.xml.rels"].replace("sheet1.xml", "../../../../etc/passwd")
    return packed(parts() | {"xl/_rels/workbook.xml.rels": broken})


def outside_relation():
    outside = parts()["xl/_rels/workbook.xml.rels"].replace(
        'Target="worksheets/sheet1.xml"', 'TargetMode="External" Target="http://vi-du.invalid/s.xml"'
    )
    return packed(parts() | {"xl/_rels/workbook.xml.rels": outside})


def many_sheets():
    main = parts()["xl/workbook.xml"].replace(
        "<sheets>",
        "<sheets>" + "".join(f'<sheet name="T{n}" sheetId="{n + 2}" r:id="rId9"/>' for n in range(25_000)),
    )
    return packed(parts() | {"xl/workbook.xml": main})


def other_encoding():
    body = table(row("Nguyen Thi Lan", 1998)).replace("UTF-8", "UTF-16").encode("utf-16")
    return packed(parts(body))


def unknown_encoding():
    return packed(parts(table(row(*LAN)).replace("UTF-8", "x-klingon")))


def merged():
    return table(
        row(*LAN), row(None, 1999), after='<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    )


def merged_title():
    return sheet(
        row("DANH SÁCH"), row(*HEADINGS), row(*LAN), after='<mergeCells><mergeCell ref="A1:E1"/></mergeCells>'
    )


def prefixed():
    body = table(row(*LAN)).replace("xmlns=", "xmlns:x=")
    for tag in ("worksheet", "sheetData", "row", "c", "is", "t", "v"):
        for end in (">", " ", "/"):
            body = body.replace(f"<{tag}{end}", f"<x:{tag}{end}").replace(f"</{tag}{end}", f"</x:{tag}{end}")
    return body


def formula(inner, value="1998"):
    return f"<row>{text('Nguyễn Thị Lan')}<c><f>{inner}</f><v>{value}</v></c></row>"


def typed(kind, value):
    return f'<row>{text("Nguyễn Thị Lan")}<c t="{kind}"><v>{value}</v></c></row>'


def placed(reference):
    return f'<row><c r="{reference}"><v>1</v></c></row>'


XML_DTD = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
HOSTILE = [
    Hostile("empty", plain(b""), REFUSED, "trống"),
    Hostile("xls", ole("Workbook"), REFUSED, ".xls"),
    Hostile("password", ole("EncryptedPackage"), REFUSED, "mật khẩu"),
    Hostile("html renamed", plain("\ufeff<html><table><tr><td>Lan".encode()), REFUSED, "trang web"),
    Hostile("xml renamed", plain(b"<?xml version='1.0'?><Workbook/>"), REFUSED, "XML"),
    Hostile("csv renamed", plain("Họ và tên;Năm sinh\nLan;1998\n".encode()), REFUSED, "CSV"),
    Hostile("pdf renamed", plain(b"%PDF-1.7\n\x00"), REFUSED, "PDF"),
    Hostile("picture renamed", plain(b"\x89PNG\r\n\x1a\n\x00\x00"), REFUSED, "không phải Excel"),
    Hostile("zip signature alone", plain(b"PK\x03\x04"), REFUSED, "hỏng"),
    Hostile("truncated", truncated, REFUSED, "hỏng"),
    Hostile("cut in the middle", cut_in_the_middle, REFUSED, "hỏng"),
    Hostile("too large", plain(b"PK\x03\x04" + bytes(11 * 1024 * 1024)), REFUSED, "MB"),
    Hostile("zip bomb", bomb, REFUSED, "quá lớn khi giải nén"),
    Hostile("bomb of many parts", many_parts_bomb, REFUSED, "quá lớn khi giải nén"),
    Hostile("size that lies", lying_size, REFUSED, "hỏng"),
    Hostile("many entries", many_entries, REFUSED, "quá nhiều phần"),
    Hostile("many entries, hidden", many_entries_hidden, REFUSED, "quá nhiều phần"),
    Hostile("part twice", doubled, REFUSED, "trùng tên"),
    Hostile("part twice by case", doubled_by_case, REFUSED, "trùng tên"),
    Hostile("zip slip", with_part("../../etc/cron.d/x", "x"), REFUSED, "đường dẫn"),
    Hostile("absolute name", with_part("/etc/passwd", "x"), REFUSED, "đường dẫn"),
    Hostile("backslash name", with_part("xl\\..\\x", "x"), REFUSED, "đường dẫn"),
    Hostile("encrypted entry", encrypted_entry, REFUSED, "mật khẩu"),
    Hostile("zip in a zip", zipped_workbook, REFUSED, "Giải nén|tệp nén"),
    Hostile("any zip", lambda: packed({"a.txt": "a"}), REFUSED, "không phải tệp Excel"),
    Hostile(
        "word",
        lambda: packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<d/>"}),
        REFUSED,
        "Excel",
    ),
    Hostile("ods", lambda: packed({"mimetype": "x", "content.xml": "<d/>"}), REFUSED, ".ods"),
    Hostile("xlsb", with_part("xl/workbook.bin", "x"), REFUSED, ".xlsb"),
    Hostile("macro", with_part("xl/vbaProject.bin", b"\x00"), REFUSED, "macro"),
    Hostile("macro sheet", with_part("xl/macrosheets/sheet1.xml", "<x/>"), REFUSED, "macro"),
    Hostile(
        "macro by type",
        with_part(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>',
        ),
        REFUSED,
        "macro",
    ),
    Hostile("dtd", of(row(*LAN), before=XML_DTD), REFUSED, "DTD"),
    Hostile("xxe", of(row("&e;", 1998), before=XXE), REFUSED, "DTD"),
    Hostile("billion laughs", of(row("&e8;", 1998), before=entities()), REFUSED, "DTD"),
    Hostile("dtd in the book", with_part("xl/workbook.xml", XXE + "<workbook/>"), REFUSED, "DTD"),
    Hostile("broken xml", of_sheet(lambda: table(row(*LAN))[:-20]), REFUSED, "hỏng"),
    Hostile("nul in a text", of(row("Lan\x00Anh", 1998)), REFUSED, "hỏng"),
    Hostile("unknown encoding", unknown_encoding, REFUSED, "hỏng"),
    Hostile("utf-16", other_encoding, FINE),
    Hostile("strict", of(row(*LAN), space=STRICT), FINE),
    Hostile("prefixed names", of_sheet(prefixed), FINE),
    Hostile("no sheet", broken_relation, REFUSED, "trang tính"),
    Hostile("sheet elsewhere", outside_relation, REFUSED, "trang tính"),
    Hostile("many sheets", many_sheets, REFUSED, "quá nhiều"),
    Hostile("deep", of_sheet(deep), REFUSED, "quá nhiều"),
    Hostile("long attribute", of_sheet(long_attribute), FINE),
    Hostile("far cell", of_sheet(far_cell), TOLD, "ngoài bảng"),
    Hostile("far dimension", of_sheet(far_dimension), FINE),
    Hostile("ten thousand blank rows", of_sheet(blank_rows), FINE),
    Hostile("a million blank rows", of_sheet(million_rows), FINE),
    Hostile("three million blank cells", of_sheet(million_cells), REFUSED, "quá nhiều|quá lớn"),
    Hostile("hundred thousand columns", of_sheet(wide_row), TOLD, "không phải năm sinh"),
    Hostile("too many rows", of_sheet(too_many_rows), REFUSED, "20.000"),
    Hostile("huge text", of_sheet(huge_text), TOLD, "dài quá"),
    Hostile("strings bomb", strings_bomb, REFUSED, "quá nhiều"),
    Hostile("styles bomb", styles_bomb, FINE),
    Hostile("strings missing", by_shared_strings(), REFUSED, "sharedStrings"),
    Hostile(
        "phonetic marks",
        by_shared_strings(
            f'<sst xmlns="{MAIN}"><si><t>Lan</t><rPh><t>X9</t></rPh><r><t> Anh</t></r></si></sst>'
        ),
        FINE,
    ),
    Hostile("cell nowhere", of(placed("A0")), REFUSED, "hỏng"),
    Hostile("cell of a long name", of(placed("A" * 5000)), REFUSED, "hỏng"),
    Hostile("unknown type", of(typed("zz", "1")), REFUSED, "hỏng"),
    Hostile(
        "external link",
        with_part("xl/externalLinks/externalLink1.xml", "<x/>"),
        TOLD,
        "liên kết tới tệp khác",
    ),
    Hostile("pictures", with_part("xl/media/image1.png", b"\x89PNG"), TOLD, "ảnh"),
    Hostile(
        "wrong sheet",
        of_sheet(lambda: sheet(row("Tên đường", "Số km"), row("ĐT 759", 2))),
        REFUSED,
        "Không tìm thấy bảng",
    ),
    Hostile(
        "column missing",
        of_sheet(lambda: sheet(row("Họ và tên", "Chức vụ"), row("Lan"))),
        REFUSED,
        "thiếu cột",
    ),
    Hostile("two header rows", of(row(*HEADINGS), row(*LAN)), TOLD, "lặp lại tiêu đề"),
    Hostile("heading twice", of_sheet(lambda: sheet(row(*HEADINGS, "Năm sinh"), row(*LAN))), TOLD, "hai lần"),
    Hostile("merged cells", of_sheet(merged), TOLD, "Bỏ gộp|Ô gộp"),
    Hostile("merged title", of_sheet(merged_title), FINE),
    Hostile("only headings", of(), REFUSED, "không có dòng nào"),
    Hostile("formula", of(formula("1900+98")), TOLD, "công thức"),
    Hostile("dde formula", of(formula("cmd|' /C calc'!A0")), TOLD, "công thức"),
    Hostile("command as text", of(row("=cmd|' /C calc'!A0", 1998)), TOLD, "ký tự lạ"),
    Hostile("error value", of(typed("e", "#REF!")), TOLD, "#REF!"),
    Hostile("truth value", of(typed("b", "1")), TOLD, "TRUE"),
    Hostile("not a number", of(typed("n", "NaN")), TOLD, "không phải năm sinh"),
    Hostile("endless number", of(typed("n", "1e999")), TOLD, "không phải năm sinh"),
    Hostile("negative year", of(row("Nguyễn Thị Lan", -5)), TOLD, "không phải năm sinh"),
    Hostile("text numbers", of(row("Nguyễn Thị Lan", "1998 ", "0912 345 678")), FINE),
    Hostile("number without its 0", of(row("Nguyễn Thị Lan", 1998, 912345678.0)), TOLD, "số 0"),
    Hostile("day before 1900", of(row(*LAN, None, None, "1/1/1890")), TOLD, "không hợp lý"),
    Hostile("day that never was", of(row(*LAN, None, None, "31/2/2023")), TOLD, "không phải ngày"),
    Hostile("day of ten digits", of(row(*LAN, None, None, 9999999999)), TOLD, "không phải ngày"),
    Hostile("bidi", of(row("Nguyễn \u202eThị\u202c Lan", 1998)), FINE),
    Hostile("decomposed letters", of(row(normalize("NFD", "Nguyễn Thị Lan"), 1998)), FINE),
    Hostile("unseen letters", of(row("Nguyễn\u200b Thị\ufeff Lan", 1998)), FINE),
    Hostile("escaped control", of(row("Nguyễn_x0000_ Thị_x000D_ Lan", 1998)), FINE),
    Hostile("emoji for a name", of(row("😀😀", 1998)), TOLD, "không chứa họ và tên"),
]
