"""Forms as data: their sections and fields; keys and types are closed once units owe the form."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from doanportal.formats import MISSING
from plans.models import Form, FormField, FormSection, Obligation
from units.admin.base import PortalAdmin, PortalInline, PortalStackedInline

REASON = (
    "Biểu mẫu đang dùng: mã, loại và kiểu đã khóa, mục và câu hỏi đã có không xóa được. "
    "Lời hỏi và hướng dẫn vẫn sửa được."
)


def is_in_use(form):
    """Whether somebody owes or handed in this form; asked of the database once a page."""
    if form is None or form.pk is None:
        return False
    if "in_use" not in form.__dict__:
        form.__dict__["in_use"] = Obligation.objects.filter(form=form).exists()
    return form.__dict__["in_use"]


class ClosedInUse:
    """For what belongs to a form: `closed_fields` are read-only and nothing is deleted once it is in use."""

    closed_fields = ()

    def form_of(self, obj):
        return obj

    def get_readonly_fields(self, request, obj=None):
        closed = self.closed_fields if is_in_use(self.form_of(obj)) else ()
        return [*super().get_readonly_fields(request, obj), *closed]

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not is_in_use(self.form_of(obj))

    def notes(self, obj):
        return [REASON] if is_in_use(self.form_of(obj)) else super().notes(obj)


class FormSectionInline(PortalInline):
    model = FormSection
    fields = ["code", "title", "kind", "sector", "display_order", "questions"]
    readonly_fields = ["questions"]

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and not is_in_use(obj)

    def get_readonly_fields(self, request, obj=None):
        closed = ["code", "kind", "sector"] if is_in_use(obj) else []
        return [*self.readonly_fields, *closed]

    @admin.display(description="câu hỏi")
    def questions(self, obj):
        if obj.pk is None:
            return MISSING
        return format_html(
            '<a href="{}">Mở mục</a>', reverse("admin:plans_formsection_change", args=[obj.pk])
        )


class FormFieldInline(PortalStackedInline):
    model = FormField
    fields = [
        ("key", "type", "required"),
        "label",
        "help",
        ("unit_of_measure", "maximum", "display_order"),
        ("choices", "columns"),
        "carry",
    ]

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and not is_in_use(obj and obj.form)

    def get_readonly_fields(self, request, obj=None):
        return ["key", "type", "required", "choices", "columns"] if obj and is_in_use(obj.form) else []


@admin.register(Form)
class FormAdmin(ClosedInUse, PortalAdmin):
    list_display = ["name", "code", "document_type", "document_abbr", "needs_document"]
    search_fields = ["name", "code"]
    inlines = [FormSectionInline]
    deletable = True
    closed_fields = ("code", "audience")


@admin.register(FormSection)
class FormSectionAdmin(ClosedInUse, PortalAdmin):
    list_display = ["title", "form", "code", "kind", "sector", "display_order"]
    list_filter = ["form", "kind"]
    list_select_related = ["form", "sector"]
    search_fields = ["title", "code", "form__name"]
    inlines = [FormFieldInline]
    deletable = True
    closed_fields = ("form", "code", "kind", "sector")

    def form_of(self, obj):
        return obj and obj.form
