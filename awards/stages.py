"""What may happen to a nomination in each stage: the one table that views, rules and tests read.

unit prepares → handed in → cluster's department proposes → Ban Phong trào checks with Ban Xây dựng Đoàn →
council → Standing Committee decides → published (issue 5, domain.md §3.2 and §3.4).
"""

from dataclasses import dataclass

from units.events import record

from .models import Nomination, Stage


class StageError(ValueError):
    """It is not the time for this; the text is for the user, in Vietnamese."""


@dataclass(frozen=True)
class Act:
    """One thing that may be done: in which stages, and the stage it leads to (None: stays)."""

    code: str
    words: str
    stages: frozenset
    leads_to: Stage | None = None


def act(code, words, *stages, leads_to=None):
    return Act(code, words, frozenset(stages), leads_to)


ACTS = {
    row.code: row
    for row in (
        act("edit", "sửa đề nghị", Stage.DRAFT),
        act("remove", "bỏ đề nghị", Stage.DRAFT),
        act("hand_in", "gửi hồ sơ", Stage.DRAFT, leads_to=Stage.CLUSTER),
        act("ask_supplement", "đề nghị bổ sung hồ sơ", Stage.CLUSTER),
        act("supplement", "bổ sung hồ sơ", Stage.CLUSTER),
        act("propose", "đề xuất của Ban phụ trách cụm", Stage.CLUSTER),
        act("pass_to_check", "chuyển Ban Phong trào", Stage.CLUSTER, leads_to=Stage.CHECK),
        act("check", "kiểm tra hồ sơ", Stage.CHECK),
        act("check_together", "cho ý kiến phối hợp", Stage.CHECK),
        act("pass_to_council", "chuyển Hội đồng", Stage.CHECK, leads_to=Stage.COUNCIL),
        act("note_conflict", "ghi người không biểu quyết", Stage.COUNCIL),
        act("count_votes", "nhập kết quả kiểm phiếu", Stage.COUNCIL),
        act("confirm_votes", "xác nhận kết quả kiểm phiếu", Stage.COUNCIL),
        act("rule_tie", "ghi ý kiến quyết định của Chủ tịch", Stage.COUNCIL),
        act("pass_to_bureau", "chuyển Ban Thường vụ", Stage.COUNCIL, leads_to=Stage.BUREAU),
        act("prepare_outcome", "ghi kết quả xét", Stage.BUREAU),
        act("submit_higher", "trình cấp cao hơn", Stage.BUREAU),
        act("answer_higher", "ghi trả lời của cấp trên", Stage.BUREAU),
        act("publish", "công bố", Stage.BUREAU, leads_to=Stage.PUBLISHED),
        act("print_certificate", "in bằng", Stage.PUBLISHED),
        act("correct_book", "đính chính, thu hồi", Stage.PUBLISHED),
    )
}


def require(nomination, code):
    """The Act, or StageError when the nomination's stage does not admit it."""
    found = ACTS[code]
    if nomination.stage not in found.stages:
        raise StageError(f"Không {found.words} được: hồ sơ đang ở bước «{Stage(nomination.stage).label}».")
    return found


def lock(nomination_id):
    """The nomination, read for update, with unit and round."""
    return (
        Nomination.objects.select_for_update(of=("self",))
        .select_related("unit__kind", "round", "dossier", "form")
        .get(pk=nomination_id)
    )


def advance(nomination, code, *, by, reason=""):
    """Move a locked nomination to the stage the act leads to; one event. Raises StageError."""
    found = require(nomination, code)
    before = nomination.stage
    if found.leads_to is not None and found.leads_to != before:
        nomination.stage = found.leads_to
        nomination.revision += 1
        nomination.save(update_fields=["stage", "revision"])
    record(
        verb=f"award_{code}",
        subject=nomination,
        actor=by,
        unit=nomination.unit,
        from_state=before,
        to_state=nomination.stage,
        reason=reason,
    )
    return nomination
