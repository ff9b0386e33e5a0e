"""What all admin pages share: who gets in, search without marks, an event a change, no lost history."""

import json

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.admin.widgets import AdminTextInputWidget, AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db import IntegrityError, models
from django.http import HttpResponseRedirect

from doanportal.textfold import nfc
from units.events import record
from units.models import Unit
from units.policy import can_manage_accounts

from .search import FoldedSearch

VERBS = {ADDITION: "admin_add", CHANGE: "admin_change", DELETION: "admin_delete"}


class NfcField(forms.CharField):
    """Text in the one spelling of each letter, whatever keyboard it came from."""

    def to_python(self, value):
        text = super().to_python(value)
        return nfc(text) if text else text


class AdminPostPermissions:
    """The Admin post allows all that a page offers; Django's groups and permissions play no part."""

    def has_module_permission(self, request):
        return can_manage_accounts(request.user).allowed

    def has_view_permission(self, request, obj=None):
        return can_manage_accounts(request.user).allowed

    def has_add_permission(self, request, obj=None):
        return can_manage_accounts(request.user).allowed

    def has_change_permission(self, request, obj=None):
        return can_manage_accounts(request.user).allowed

    def has_delete_permission(self, request, obj=None):
        return False


class NamedAutocomplete(AutocompleteSelect):
    """Says what is to be chosen while nothing is: an empty box has no name for a screen reader."""

    def build_attrs(self, base_attrs, extra_attrs=None):
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"data-placeholder": f"Chọn {self.field.verbose_name}"}


class PlainChoices:
    """Another row is chosen here and looked at; it is added, changed and deleted on its own page."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", NamedAutocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_add_related = False
            field.widget.can_change_related = False
            field.widget.can_delete_related = False
        return field


class PortalAdmin(PlainChoices, FoldedSearch, AdminPostPermissions, admin.ModelAdmin):
    """`deletable`: a row may go while nothing hangs on it; `part_of_it`: relations that go with the row."""

    deletable = False
    part_of_it = ()
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    formfield_overrides = {
        models.CharField: {"form_class": NfcField},
        models.SlugField: {"widget": AdminTextInputWidget},
        models.TextField: {"form_class": NfcField},
        models.DecimalField: {"localize": True, "widget": AdminTextInputWidget},
        models.PositiveBigIntegerField: {"localize": True, "widget": AdminTextInputWidget},
    }

    def has_delete_permission(self, request, obj=None):
        if not (self.deletable and can_manage_accounts(request.user)):
            return False
        return obj is None or not self.held_by(obj)

    def held_by(self, obj):
        """The names of what hangs on `obj`; asked of the database once a page."""
        if "held_by" not in obj.__dict__:
            obj.__dict__["held_by"] = holders(obj, apart_from=self.part_of_it)
        return obj.__dict__["held_by"]

    def notes(self, obj):
        """What the page says above the form of `obj`: why something is closed."""
        names = self.held_by(obj) if self.deletable else []
        return [f"Không xóa được vì đã có: {', '.join(names)}."] if names else []

    def render_change_form(self, request, context, *args, **kwargs):
        obj = kwargs.get("obj")
        context["notes"] = self.notes(obj) if obj is not None else []
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            return self.refused_by_database(request)

    def delete_view(self, request, *args, **kwargs):
        try:
            return super().delete_view(request, *args, **kwargs)
        except IntegrityError:
            return self.refused_by_database(request)

    def refused_by_database(self, request):
        """Somebody else was quicker, or a rule stands in the database alone; nothing was saved."""
        message = (
            "Chưa lưu: dữ liệu vừa được người khác thay đổi hoặc trái quy tắc. Hãy kiểm tra rồi làm lại."
        )
        self.message_user(request, message, messages.ERROR)
        return HttpResponseRedirect(request.path)

    def get_deleted_objects(self, objs, request):
        if not self.part_of_it:
            return super().get_deleted_objects(objs, request)
        # Only what may go comes here (has_delete_permission); Django would count its parts as protected.
        return [str(obj) for obj in objs], {self.opts.verbose_name_plural: len(objs)}, set(), []

    def delete_model(self, request, obj):
        for name in self.part_of_it:
            getattr(obj, name).all().delete()
        super().delete_model(request, obj)

    def save_formset(self, request, form, formset, change):
        # An event about a part of the unit itself would hold the unit as its history does.
        own = formset.fk.remote_field.get_accessor_name() in self.part_of_it
        # Before saving: a row that is gone has no id any more.
        for gone in formset.deleted_forms:
            if gone.instance.pk:
                note(request, gone.instance, DELETION, own=own)
        super().save_formset(request, form, formset, change)
        for obj in formset.new_objects:
            note(request, obj, ADDITION, own=own)
        for obj, fields in formset.changed_objects:
            note(request, obj, CHANGE, f"Đã thay đổi: {field_labels(obj, fields)}.", own=own)

    def log_addition(self, request, obj, message):
        return self.log(request, obj, ADDITION, message)

    def log_change(self, request, obj, message):
        return self.log(request, obj, CHANGE, message)

    def log_deletions(self, request, queryset):
        return [self.log(request, obj, DELETION, "") for obj in queryset]

    def log(self, request, obj, flag, message):
        """Django's own log and the portal's; both name the row and its fields, never what was typed."""
        entry = LogEntry.objects.create(
            user_id=request.user.pk,
            content_type_id=get_content_type_for_model(obj).pk,
            object_id=obj.pk,
            object_repr=self.name_in_log(obj)[:200],
            action_flag=flag,
            change_message=json.dumps(message) if isinstance(message, list) else message,
        )
        note(request, obj, flag, entry.get_change_message())
        return entry

    def name_in_log(self, obj):
        return str(obj)


class ReadOnly:
    """To look at: what these rows say is set by the rules of the portal alone."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(ReadOnly, PortalAdmin):
    pass


class LabelledFormSet(forms.BaseInlineFormSet):
    """In a table only the head names a column: each field says its name to a screen reader too."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", str(field.label or ""))


class PortalInline(PlainChoices, AdminPostPermissions, admin.TabularInline):
    extra = 0
    formset = LabelledFormSet
    formfield_overrides = PortalAdmin.formfield_overrides


class PortalStackedInline(PlainChoices, AdminPostPermissions, admin.StackedInline):
    extra = 0
    formfield_overrides = PortalAdmin.formfield_overrides


def note(request, obj, flag, reason="", *, own=False):
    """The portal's own event of an admin change; `own`: `obj` is a part of its unit, not something it did."""
    unit = None if own else getattr(obj, "unit", None)
    unit = unit if isinstance(unit, Unit) else None
    record(verb=VERBS[flag], subject=obj, actor=request.user, unit=unit, reason=reason)


def field_labels(obj, names):
    return ", ".join(str(obj._meta.get_field(name).verbose_name) for name in names)


def holders(obj, *, apart_from=()):
    """What keeps `obj` from being deleted, by name: rows that point at it, or at what would go with it."""
    names = set()
    for relation in obj._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.get_accessor_name() in apart_from:
            continue
        rows = relation.related_model._base_manager.filter(**{relation.field.name: obj.pk})
        if getattr(relation, "on_delete", None) is models.CASCADE:
            names.update(name for row in rows for name in holders(row))
        elif rows.exists():
            names.add(str(relation.related_model._meta.verbose_name_plural))
    return sorted(names)


def plain(name, label):
    """A column for a number that is a name, such as a year: 2023 and not 2.023."""

    @admin.display(description=label, ordering=name)
    def show(obj):
        return str(getattr(obj, name))

    return show


def filled(name, label, *, yes, no):
    """A filter of a list by whether the column `name` has a value; `yes` and `no` say what that means."""

    class Filled(admin.SimpleListFilter):
        title = label
        parameter_name = f"{name}_filled"

        def lookups(self, request, model_admin):
            return [("yes", yes), ("no", no)]

        def queryset(self, request, queryset):
            if self.value() not in ("yes", "no"):
                return queryset
            return queryset.filter(**{f"{name}__isnull": self.value() == "no"})

    return Filled
