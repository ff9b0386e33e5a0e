"""What departments type about nominations: a verdict with its remark, a request for supplements."""

from django import forms

from volunteers.forms_teams import DayField, DressedForm, TextField, chosen

from .models import Assessment

LONGEST_REMARK = 4000


class AssessForm(DressedForm):
    """Propose or not; a reason where not."""

    verdict = forms.ChoiceField(
        label="Ý kiến",
        choices=Assessment.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages=chosen("Hãy chọn đề xuất hoặc không đề xuất."),
    )
    text = TextField(
        label="Nhận xét, lý do",
        longest=LONGEST_REMARK,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self):
        cleaned = super().clean()
        refused = cleaned.get("verdict") == Assessment.Verdict.NOT_PROPOSE
        if refused and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", "Không đề xuất thì ghi lý do.")
        return cleaned


class AskSupplementForm(DressedForm):
    """What is still to be added, and by when."""

    text = TextField(
        label="Cần bổ sung gì",
        longest=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Hãy ghi rõ cần bổ sung gì."},
    )
    due_on = DayField(
        label="Bổ sung đến hết ngày", error_messages={"required": "Hãy ghi ngày bổ sung chậm nhất."}
    )
