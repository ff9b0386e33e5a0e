"""Addresses of Excel in and out."""

from django.urls import path, register_converter

from .views import workbooks
from .workbook.kinds import REGISTERS, ROSTER


class RegisterKind:
    """camera, ocop, doanh-nghiep."""

    regex = "|".join(REGISTERS)

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)


class RosterKind(RegisterKind):
    """danh-sach: always of a team."""

    regex = ROSTER


register_converter(RegisterKind, "register_workbook")
register_converter(RosterKind, "roster_workbook")

OF_REGISTER = "<register_workbook:workbook_kind>/"
OF_TEAM = "<roster_workbook:workbook_kind>/<int:team_id>/"

urlpatterns = [
    path(f"nhap-excel/{OF_REGISTER}", workbooks.import_start, name="import_start"),
    path(f"nhap-excel/{OF_TEAM}", workbooks.import_start, name="import_start"),
    path(f"nhap-excel/{OF_REGISTER}mau/", workbooks.import_template, name="import_template"),
    path(f"nhap-excel/{OF_TEAM}mau/", workbooks.import_template, name="import_template"),
    path("nhap-excel/<int:import_id>/", workbooks.import_detail, name="import_detail"),
    path("nhap-excel/<int:import_id>/ghi/", workbooks.import_take, name="import_take"),
    path("nhap-excel/<int:import_id>/bo/", workbooks.import_drop, name="import_drop"),
    path(f"xuat-excel/{OF_REGISTER}", workbooks.export_workbook, name="export_workbook"),
    path(f"xuat-excel/{OF_TEAM}", workbooks.export_workbook, name="export_workbook"),
]
