"""Units with their dated names, their kinds, successions and base figures."""

from django import forms
from django.contrib import admin

from units.models import Baseline, Succession, Unit, UnitKind, UnitName
from units.naming import refresh_current_name

from .base import PortalAdmin, PortalStackedInline, filled
from .dated import DatedForm, DatedFormSet


class UnitNameFormSet(DatedFormSet):
    overlap_message = "Hai tên chồng thời gian lên nhau: hãy kết thúc tên trước ở ngày tên sau có hiệu lực."
    required_message = "Đơn vị cần ít nhất một tên."


class UnitNameInline(PortalStackedInline):
    model = UnitName
    form = DatedForm
    formset = UnitNameFormSet
    ordering = ["valid_from"]
    fieldsets = [
        (None, {"fields": [("full_name", "short_name"), ("valid_from", "valid_to"), "basis"]}),
        (
            "Trên văn bản",
            {
                "fields": [
                    ("upper_line", "issuer_line"),
                    ("issuer_code", "place_name"),
                    "standing_committee",
                    ("signer_title", "signer_name"),
                ]
            },
        ),
    ]

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 1


class UnitForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        opened, closed = cleaned.get("opened_on"), cleaned.get("closed_on")
        if opened and closed and closed <= opened:
            self.add_error("closed_on", "Ngày kết thúc hoạt động phải sau ngày thành lập.")
        parent = cleaned.get("parent")
        while parent is not None:
            if parent.pk == self.instance.pk:
                self.add_error("parent", "Đơn vị không thể trực thuộc chính mình hoặc đơn vị dưới mình.")
                break
            parent = parent.parent
        return cleaned


@admin.register(Unit)
class UnitAdmin(PortalAdmin):
    form = UnitForm
    list_display = ["code", "label", "kind", "parent", "order", "opened_on", "closed_on"]
    list_display_links = ["code", "label"]
    list_filter = [
        "kind",
        "illustrative",
        filled("closed_on", "hoạt động", yes="có ngày kết thúc", no="đang hoạt động"),
    ]
    list_select_related = ["kind", "parent"]
    search_fields = ["search_key"]
    autocomplete_fields = ["parent"]
    fields = [
        ("code", "kind"),
        "parent",
        ("name", "short_name"),
        "display_order",
        ("opened_on", "closed_on"),
        "illustrative",
    ]
    readonly_fields = ["name", "short_name"]
    inlines = [UnitNameInline]
    deletable = True
    part_of_it = ("names",)

    @admin.display(description="tên hiện nay", ordering="name")
    def label(self, obj):
        return obj.label

    @admin.display(description="thứ tự", ordering="display_order")
    def order(self, obj):
        return str(obj.display_order)

    def get_readonly_fields(self, request, obj=None):
        closed = ["code", "kind"] if obj and self.held_by(obj) else []
        return [*self.readonly_fields, *closed]

    def notes(self, obj):
        notes = super().notes(obj)
        if notes:
            notes.append(
                "Mã và loại không sửa được nữa. Đổi tên: thêm một tên mới có ngày hiệu lực. "
                "Thôi hoạt động: ghi ngày kết thúc và đơn vị kế thừa."
            )
        return notes

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        refresh_current_name(form.instance)


@admin.register(UnitKind)
class UnitKindAdmin(PortalAdmin):
    list_display = ["name", "code", "level", "territorial"]
    search_fields = ["name", "code"]
    deletable = True

    def get_readonly_fields(self, request, obj=None):
        # Rules name kinds by their code.
        return ["code"] if obj else []


@admin.register(Succession)
class SuccessionAdmin(PortalAdmin):
    list_display = ["from_unit", "to_unit", "share", "effective_on", "basis"]
    list_select_related = ["from_unit", "to_unit"]
    search_fields = ["from_unit__search_key", "to_unit__search_key", "basis"]
    autocomplete_fields = ["from_unit", "to_unit"]
    deletable = True


@admin.register(Baseline)
class BaselineAdmin(PortalAdmin):
    list_display = ["unit", "measure", "value", "on", "source"]
    list_filter = ["measure"]
    list_select_related = ["unit"]
    search_fields = ["unit__search_key", "measure", "source"]
    autocomplete_fields = ["unit"]
    date_hierarchy = "on"
    deletable = True
