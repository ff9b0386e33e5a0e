"""Inline rows with dates: checked against each other, and ended rather than deleted."""

from datetime import date, timedelta
from itertools import pairwise

from django import forms

from doanportal import clock

from .base import LabelledFormSet


class DatedForm(forms.ModelForm):
    """Leaves the constraint on dates to the formset: the row before may end in the same save."""

    def clean(self):
        cleaned = super().clean()
        self._validate_constraints = False
        start, end = cleaned.get("valid_from"), cleaned.get("valid_to")
        if start and end and end <= start:
            self.add_error("valid_to", "Ngày kết thúc phải sau ngày bắt đầu.")
        return cleaned


class DatedFormSet(forms.BaseInlineFormSet):
    """Rows of one parent that may not overlap; with a `required_message` at least one must stay."""

    overlap_message = (
        "Các khoảng thời gian không được chồng lên nhau: hãy kết thúc dòng trước ở ngày dòng sau bắt đầu."
    )
    required_message = ""

    def clean(self):
        super().clean()
        kept = [form for form in self.forms if self.is_kept(form)]
        if not kept and self.required_message and not any(self.errors):
            raise forms.ValidationError(self.required_message)
        dated = [form for form in kept if form.cleaned_data.get("valid_from")]
        dated.sort(key=lambda form: form.cleaned_data["valid_from"])
        for earlier, later in pairwise(dated):
            end = earlier.cleaned_data.get("valid_to")
            if end is None or later.cleaned_data["valid_from"] < end:
                later.add_error("valid_from", self.overlap_message)

    def is_kept(self, form):
        data = getattr(form, "cleaned_data", None)
        return bool(data) and not data.get("DELETE") and (form.instance.pk or form.has_changed())

    def save(self, commit=True):
        if commit:
            self.step_aside()
        return super().save(commit=commit)

    def step_aside(self):
        """Changed rows wait in the year 1, so that no order of saving meets a row that is about to move."""
        changed = [form.instance.pk for form in self.initial_forms if form.has_changed()]
        for place, pk in enumerate(changed):
            day = date.min + timedelta(days=2 * place)
            self.model.objects.filter(pk=pk).update(valid_from=day, valid_to=day + timedelta(days=1))


class EndedNotDeletedFormSet(LabelledFormSet):
    """A row that was in force stays for history; only one that begins today or later may be taken back."""

    def clean(self):
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and form.instance.valid_from < clock.today():
                raise forms.ValidationError(
                    f"Không xóa “{form.instance}” vì đã có hiệu lực từ trước: hãy ghi ngày kết thúc."
                )


class EndedRows:
    """For an inline: rows that end by a date; what has not begun yet may be taken back."""

    formset = EndedNotDeletedFormSet

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)
