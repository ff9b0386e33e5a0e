"""What a review tells the unit, in the transaction of the review itself (features §3, action subjects)."""

from django.urls import reverse
from django.utils import timezone

from doanportal.formats import format_date
from plans.models import Stage
from plans.notices import tell
from plans.recipients import people_for


def announce_acceptance(acceptance):
    """Tell the unit that its report was taken note of: «[Đã tiếp nhận] …»."""
    tell_unit(
        acceptance.version,
        at=acceptance.at,
        stage="accepted",
        title=f"[Đã tiếp nhận] {acceptance.version.report.obligation.title}",
        text=acceptance.note or "Tỉnh Đoàn đã tiếp nhận báo cáo của đơn vị. Trân trọng cảm ơn!",
    )


def announce_send_back(back, *, due_on):
    """Tell the unit what is to be amended and by when: «[Cần bổ sung] …»."""
    remarks = [f"- {remark.text}" for remark in back.remarks.order_by("pk")]
    lines = [
        f"Đề nghị đơn vị chỉnh sửa, bổ sung và gửi lại chậm nhất hết ngày {format_date(due_on)}.",
        *([back.message] if back.message else []),
        *remarks,
    ]
    tell_unit(
        back.version,
        at=back.at,
        stage="amendment",
        title=f"[Cần bổ sung] {back.version.report.obligation.title}",
        text="\n".join(lines),
    )


def tell_unit(version, *, at, stage, title, text):
    obligation = version.report.obligation
    tell(
        subject_key=f"version:{version.pk}",
        stage=stage,
        recipients=people_for(obligation.owner, Stage.Audience.DEPUTY, on=timezone.localtime(at).date()),
        title=title,
        text=text,
        url=reverse("report_detail", args=[obligation.pk]),
        now=at,
    )
