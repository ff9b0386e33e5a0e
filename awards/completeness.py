"""What a dossier still lacks, in words with the page where to add it (domain.md §3.2, checklist)."""

from dataclasses import dataclass, field

from .models import ChecklistItem, SubjectKind
from .nominations import report_is_written
from .quotas import asked_of

Kind, State = ChecklistItem.Kind, ChecklistItem.State


@dataclass(frozen=True)
class Missing:
    """One thing that is not there: what, and on which page it is added."""

    words: str
    url_name: str
    pk: int
    anchor: str = ""


@dataclass(frozen=True)
class Piece:
    """One line of a nomination's checklist."""

    kind: str
    state: str
    missing: str = ""
    reason: str = ""
    url_name: str = ""

    @property
    def label(self):
        return Kind(self.kind).label

    @property
    def state_words(self):
        return State(self.state).label


@dataclass
class Completeness:
    """The pieces of the dossier and of each nomination, and what is missing in all."""

    nominations: list = field(default_factory=list)  # (nomination, [Piece])
    papers: list = field(default_factory=list)  # Missing of the dossier itself
    over: list = field(default_factory=list)  # Asked beyond the quota
    asked: list = field(default_factory=list)

    @property
    def missing(self):
        """[Missing] of all, the dossier's own last: papers are printed when the nominees stand."""
        rows = [
            Missing(f"{nomination.name}: {piece.missing}", piece.url_name, nomination.pk)
            for nomination, pieces in self.nominations
            for piece in pieces
            if piece.missing
        ]
        return [*rows, *self.papers]

    @property
    def is_complete(self):
        return bool(self.nominations) and not self.missing


def completeness_of(dossier, nominations):
    """The Completeness; nominations come with files and checklist prefetched. One query (quotas)."""
    asked = asked_of(dossier, nominations)
    found = Completeness(
        nominations=[(row, pieces_of(row)) for row in nominations],
        asked=asked,
        over=[row for row in asked if row.is_over],
    )
    found.papers = [*quota_reasons(found, nominations), *minutes_missing(dossier, nominations)]
    if nominations:
        found.papers += proposal_missing(dossier)
    return found


def pieces_of(nomination):
    """[Piece] of one nomination, computed from what is there; waived ones with their reason."""
    waived = {row.kind: row.reason for row in nomination.checklist.all() if row.state == State.WAIVED}
    lacking = {
        Kind.PROFILE: (profile_missing(nomination), "nomination_edit"),
        Kind.REPORT: (report_missing(nomination), "nomination_report"),
        Kind.EVIDENCE: (evidence_missing(nomination), "nomination_detail"),
    }
    pieces = []
    for kind, (words, url_name) in lacking.items():
        if not words:
            pieces.append(Piece(kind, State.PRESENT, url_name=url_name))
        elif kind in waived:
            pieces.append(Piece(kind, State.WAIVED, reason=waived[kind], url_name=url_name))
        else:
            pieces.append(Piece(kind, State.MISSING, missing=words, url_name=url_name))
    return pieces


def profile_missing(nomination):
    wanted = [("name", "tên"), ("summary", "tóm tắt thành tích")]
    if nomination.subject_kind == SubjectKind.INDIVIDUAL:
        wanted[0] = ("name", "họ và tên")
        wanted += [
            ("birth_year", "năm sinh"),
            ("gender", "giới tính"),
            ("position", "chức vụ"),
            ("workplace", "đơn vị công tác"),
        ]
    gone = [words for name, words in wanted if not getattr(nomination, name)]
    return f"trong trích ngang: {', '.join(gone)}" if gone else ""


def report_missing(nomination):
    """The report itself, and who confirms it; or a scan of the confirmed one."""
    if any(file.kind == Kind.REPORT for file in nomination.files.all()):
        return ""
    gone = [] if report_is_written(nomination) else ["báo cáo thành tích"]
    if not nomination.confirmed_by:
        gone.append("xác nhận của thủ trưởng trực tiếp")
    return ", ".join(gone)


def evidence_missing(nomination):
    if any(file.kind == Kind.EVIDENCE for file in nomination.files.all()):
        return ""
    return "minh chứng"


def quota_reasons(found, nominations):
    """Beyond the quota somebody says why, at one of the nominations of that form."""
    missing = []
    for row in found.over:
        of_form = [
            nomination
            for nomination in nominations
            if (nomination.form_id, nomination.subject_kind)
            == (row.round_form.form_id, row.round_form.subject_kind)
        ]
        if not any(nomination.over_quota_reason for nomination in of_form):
            words = (
                f"lý do đề nghị {row.asked} {row.round_form.get_subject_kind_display()} "
                f"«{row.round_form.form.short_name}», nhiều hơn số lượng {row.most}"
            )
            missing.append(Missing(words, "nomination_edit", of_form[-1].pk, "id_over_quota_reason"))
    return missing


def minutes_missing(dossier, nominations):
    if not nominations:
        return []
    names = {
        "met_on": "ngày họp",
        "chair": "người chủ trì",
        "minutes_taker": "thư ký",
        "present": "số người có mặt",
    }
    gone = [words for name, words in names.items() if not getattr(dossier, name)]
    without = [row for row in nominations if row.votes_for is None or row.votes_against is None]
    if without:
        gone.append(f"số phiếu của {len(without)} đề nghị")
    if not gone:
        return []
    return [Missing(f"biên bản họp xét: {', '.join(gone)}", "dossier_minutes", dossier.pk)]


def proposal_missing(dossier):
    document = dossier.proposal
    gone = []
    if document is None or not document.is_issued:
        gone.append("số, ngày")
    if document is None or not document.file:
        gone.append("bản đã ký")
    return [Missing(f"Tờ trình: {', '.join(gone)}", "dossier_number", dossier.pk)] if gone else []
