"""Addresses of the pages of registers."""

from django.urls import path, register_converter

from .queries_registers import REGISTERS
from .views import registers


class RegisterCode:
    """One of the registers' codes, nothing else."""

    regex = "|".join(REGISTERS)

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)


register_converter(RegisterCode, "register")
ROW = "danh-muc/<register:register>/<int:row_id>/"

urlpatterns = [
    path("danh-muc/", registers.register_home, name="register_home"),
    path("danh-muc/<register:register>/", registers.register_list, name="register_list"),
    path("danh-muc/<register:register>/them/", registers.register_add, name="register_add"),
    path(ROW, registers.register_row, name="register_row"),
    path(f"{ROW}sua/", registers.register_edit, name="register_edit"),
    path(f"{ROW}so-hoa/", registers.register_digitise, name="register_digitise"),
    path(f"{ROW}ngung/", registers.register_end, name="register_end"),
    path(f"{ROW}bo/", registers.register_void, name="register_void"),
]
