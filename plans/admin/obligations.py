"""Obligations, the ledger of reminders and the log of calls, to read: only the rules set their moments."""

from django.contrib import admin

from doanportal.formats import MISSING
from plans.models import Contact, Message, Notice, Obligation
from plans.status import review, timeliness
from units.admin.base import ReadOnlyAdmin, filled

SENT = filled("sent_at", "tình trạng gửi", yes="đã gửi", no="chưa gửi")


@admin.register(Obligation)
class ObligationAdmin(ReadOnlyAdmin):
    list_display = ["title", "owner", "kind", "printed_on", "due_at", "on_time", "taken_note"]
    list_filter = ["kind", "form", "period_key", "owner__kind"]
    list_select_related = ["owner"]
    search_fields = ["title", "owner__search_key", "period_key"]
    date_hierarchy = "due_at"
    fields = [
        ("title", "owner"),
        ("kind", "form", "plan", "deadline"),
        ("period_key", "period_from", "cutoff_on"),
        ("printed_on", "due_at", "extended_to"),
        ("on_time", "taken_note"),
        ("waived_at", "waive_reason"),
        ("draft_started_at", "first_fulfilled_at", "last_fulfilled_at"),
        ("sent_back_at", "accepted_at"),
        "parent",
    ]

    def notes(self, obj):
        return ["Thời điểm, trạng thái do quy tắc của cổng ghi. Gia hạn, miễn: làm ở trang tiếp nhận."]

    @admin.display(description="thời hạn")
    def on_time(self, obj):
        return timeliness(obj).label

    @admin.display(description="tiếp nhận")
    def taken_note(self, obj):
        return review(obj).label or MISSING


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ["planned_for", "stage", "title", "recipient", "channel", "sent_at", "attempts", "error"]
    list_filter = ["channel", "stage", SENT]
    list_select_related = ["recipient"]
    search_fields = ["title", "recipient__search_key", "subject_key"]
    date_hierarchy = "planned_for"
    fields = [
        ("title", "recipient", "channel"),
        ("stage", "slot_on", "planned_for"),
        ("sent_at", "leased_until", "attempts"),
        ("superseded_by", "cancelled_at"),
        "error",
        ("obligation", "message"),
    ]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Without the body: what is written to a person is that person's."""

    list_display = ["created_at", "subject", "recipient", "channel", "sent_at", "read_at"]
    list_filter = ["channel", SENT]
    list_select_related = ["recipient"]
    search_fields = ["subject", "recipient__search_key"]
    date_hierarchy = "created_at"
    fields = [
        ("subject", "recipient"),
        ("channel", "slot_on"),
        ("created_at", "sent_at", "read_at"),
        "message_id",
    ]


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin):
    """Without the note: what was said on the phone stays with the officers."""

    list_display = ["at", "by", "channel", "obligation", "promised_on"]
    list_filter = ["channel"]
    list_select_related = ["by", "obligation__owner"]
    search_fields = ["by__search_key", "obligation__owner__search_key", "obligation__title"]
    fields = ["at", "by", "channel", "obligation", "promised_on"]
