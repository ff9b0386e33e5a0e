"""The floor of an export: the bare writer of openpyxl, the same values, no style. Nothing of the project."""

from io import BytesIO

from openpyxl import Workbook


def write_values(sheets):
    """The bytes of a workbook of [(name, rows of values)]: the least that openpyxl can do."""
    workbook = Workbook(write_only=True)
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()
