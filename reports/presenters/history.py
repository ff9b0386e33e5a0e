"""What happened to a report, in words, newest first; from the event log that nobody can edit."""

from dataclasses import dataclass
from datetime import datetime

VERB_WORDS = {
    "start_draft": "Bắt đầu soạn",
    "start_amendment": "Mở bản sửa, bổ sung",
    "discard_draft": "Bỏ bản nháp",
    "fulfil": "Gửi Tỉnh Đoàn",
    "fulfil_again": "Gửi Tỉnh Đoàn bản sửa, bổ sung",
    "accept": "Tỉnh Đoàn tiếp nhận",
    "send_back": "Tỉnh Đoàn đề nghị chỉnh sửa, bổ sung",
    "extend": "Gia hạn",
    "waive": "Miễn báo cáo kỳ này",
    "end_waiver": "Bỏ miễn báo cáo",
    "remove_evidence": "Xóa một tệp",
    "add_signed_copy": "Tải lên bản ký, đóng dấu",
}

WITH_REASON = ("start_amendment", "fulfil_again", "extend", "waive", "end_waiver")


@dataclass(frozen=True)
class Happening:
    at: datetime
    words: str
    who: str
    reason: str


def happenings(events):
    """[Happening] of events that mean something to the unit."""
    return [
        Happening(
            at=event.at,
            words=VERB_WORDS[event.verb] + version_words(event),
            who=event.actor.full_name if event.actor else "Cổng tự ghi",
            reason=event.reason if event.verb in WITH_REASON else "",
        )
        for event in events
        if event.verb in VERB_WORDS
    ]


def version_words(event):
    """« (bản 2)» where the event is about a version."""
    state = event.from_state if event.verb == "discard_draft" else event.to_state
    return f" (bản {state[1:]})" if state.startswith("v") and state[1:].isdecimal() else ""
