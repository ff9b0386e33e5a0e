"""What the pages of a dossier read: who sees it, its nominations with their pieces, what comes next."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject

from units.models import Event

from .hand_in import FIELDS
from .models import (
    AwardForm,
    ChecklistItem,
    CouncilMember,
    Dossier,
    DossierFile,
    Nomination,
    NominationVersion,
    RoundForm,
    Stage,
    SubjectKind,
    SupplementRequest,
    Visibility,
)
from .policy import audiences_of, can_hand_in, may_see

MOST_EVENTS = 30
What, Audience = Visibility.What, Visibility.Audience
VERB_WORDS = {
    "start_dossier": "Bắt đầu lập hồ sơ",
    "add_nomination": "Thêm đề nghị",
    "edit_nomination": "Sửa đề nghị",
    "remove_nomination": "Bỏ đề nghị",
    "save_award_report": "Viết báo cáo thành tích",
    "waive_piece": "Ghi lý do không cần giấy tờ",
    "add_dossier_file": "Thêm tệp",
    "remove_dossier_file": "Bỏ tệp",
    "save_minutes": "Ghi biên bản họp xét",
    "import_nominations": "Nhập trích ngang từ Excel",
    "hand_in_dossier": "Gửi hồ sơ",
    "hand_in_nothing": "Báo đợt này không đề nghị",
    "award_supplement": "Gửi bổ sung",
}
FIELD_WORDS = {
    "name": "tên",
    "birth_year": "năm sinh",
    "gender": "giới tính",
    "position": "chức vụ",
    "workplace": "đơn vị công tác",
    "members": "số người",
    "summary": "tóm tắt thành tích",
    "report": "báo cáo thành tích",
    "confirmed_by": "người xác nhận",
    "confirmed_title": "chức vụ người xác nhận",
    "confirmed_on": "ngày xác nhận",
    "files": "tệp",
}


class Sight:
    """What one person sees of one unit's dossier in its round."""

    def __init__(self, audiences, round_id):
        self.audiences, self.round_id = frozenset(audiences), round_id

    @property
    def is_own(self):
        return Audience.OWN_UNIT in self.audiences

    @cached_property
    def visibilities(self):
        return list(Visibility.objects.filter(round=self.round_id))

    def sees(self, what, stage):
        """The own unit always reads its own dossier; all else as the round says."""
        if self.is_own and what == What.DOSSIER:
            return True
        return may_see(what, audiences=self.audiences, stage=stage, visibilities=self.visibilities)


def sight_of(user, dossier):
    """The Sight; for others than the own unit three queries, and one for what the round says."""
    council = getattr(dossier.round, "council", None)
    return Sight(audiences_of(user, dossier.unit, council.pk if council else None), dossier.round_id)


def readable_dossiers(user):
    """Dossiers of which this person may see something: by post, or as a member of the round's council."""
    member = CouncilMember.objects.filter(council__round=OuterRef("round"), user=user)
    handed_in_to_me = Q(handed_in_at__isnull=False) & Exists(member)
    return (
        Dossier.objects.filter(Q(pk__in=Dossier.objects.visible_to(user).values("pk")) | handed_in_to_me)
        .select_related(
            "unit__kind", "round__plan", "round__council", "proposal", "obligation__deadline", "handed_in_by"
        )
        .order_by()
    )


def nominations_of(dossier, sight, *, whole=True):
    """The nominations this person sees, with form and open requests; `whole`: files and checklist too.

    One query, two with files; `dossier.own_files` are then those of the dossier itself. A fallback is not of
    the unit's making: what became of a nomination is told where outcomes are.
    """
    requests = SupplementRequest.objects.filter(nomination=OuterRef("pk"), answered_by_version=None)
    pieces = ChecklistItem.objects.filter(nomination=OuterRef("pk"))
    rows = (
        Nomination.objects.filter(dossier=dossier, fallback_of=None)
        .select_related("form")
        .annotate(
            asked=ArraySubquery(
                requests.order_by("at", "pk").values(row=JSONObject(text="text", due_on="due_on"))
            ),
            noted=ArraySubquery(pieces.values(row=JSONObject(kind="kind", state="state", reason="reason"))),
        )
        .order_by("subject_kind", "pk")
    )
    found = [row for row in rows if sight.sees(What.DOSSIER, row.stage)]
    files = defaultdict(list)
    if whole:
        for file in DossierFile.objects.filter(dossier=dossier).order_by("pk"):
            files[file.nomination_id].append(file)
    dossier.own_files = files[None]
    for row in found:
        row.dossier, row.unit, row.round = dossier, dossier.unit, dossier.round
        row.open_requests = [
            SupplementRequest(text=asked["text"], due_on=date.fromisoformat(asked["due_on"]))
            for asked in row.asked
        ]
        row._prefetched_objects_cache = {
            "files": files[row.pk],
            "checklist": [ChecklistItem(**noted) for noted in row.noted],
        }
    return found


def sees_dossier(dossier, sight, nominations):
    """Whether the dossier as a whole (minutes, Tờ trình) is seen: with the first of its nominations."""
    if sight.is_own or nominations:
        return True
    return dossier.nothing_to_propose and sight.sees(What.DOSSIER, Stage.CLUSTER)


def nominations_readable(user):
    """Nominations of readable dossiers, with all that a page of one needs."""
    return Nomination.objects.filter(dossier__in=readable_dossiers(user).values("pk")).select_related(
        "form",
        "unit__kind",
        "round__plan",
        "round__council",
        "dossier__proposal",
        "dossier__obligation__deadline",
        "decision_line__form",
    )


def is_hidden_fallback(nomination, sight):
    """A fallback tells that the higher level refused: the unit learns that when it is published."""
    return nomination.fallback_of_id is not None and sight.is_own and nomination.stage != Stage.PUBLISHED


def stage_words(nomination, sight):
    """Where it stands; the own unit is not told step by step, for that would tell the outcome early."""
    if not sight.is_own or nomination.stage in (Stage.DRAFT, Stage.PUBLISHED):
        return Stage(nomination.stage).label
    return "đã gửi, đang xét"


def outcome_of(nomination, sight):
    """The DecisionLine this person may read, or None."""
    line = getattr(nomination, "decision_line", None)
    return line if line is not None and sight.sees(What.OUTCOME, nomination.stage) else None


def forms_for(award_round, subject_kind):
    """The forms that the round considers for collectives, or for individuals."""
    of_round = RoundForm.objects.filter(round=award_round, subject_kind=subject_kind).values("form")
    return AwardForm.objects.filter(pk__in=of_round)


def subject_kinds_of(asked):
    """The kinds of subjects the round considers, collectives first, from the quotas of completeness."""
    kinds = {row.round_form.subject_kind for row in asked}
    return [kind for kind in SubjectKind if kind in kinds]


@dataclass(frozen=True)
class Step:
    """The one thing to do next: words of the button, why, and where."""

    label: str
    why: str
    url_name: str
    pk: int


def next_step(dossier, found, *, user):
    """The Step of a draft dossier for who works on it; None where only waiting is left."""
    if not found.nominations:
        return Step("Thêm đề nghị", "Hồ sơ chưa có tập thể, cá nhân nào.", "nomination_create", dossier.pk)
    if found.missing:
        first = found.missing[0]
        return Step(STEP_WORDS[first.url_name], f"Còn thiếu: {first.words}.", first.url_name, first.pk)
    if can_hand_in(user, dossier.unit):
        return Step("Kiểm tra và gửi hồ sơ", "Hồ sơ đã đủ thành phần.", "dossier_check", dossier.pk)
    return Step(
        "Xem lại hồ sơ",
        "Hồ sơ đã đủ thành phần, chờ đồng chí Bí thư hoặc Phó Bí thư gửi.",
        "dossier_check",
        dossier.pk,
    )


STEP_WORDS = {
    "nomination_edit": "Điền trích ngang",
    "nomination_report": "Viết báo cáo thành tích",
    "nomination_detail": "Thêm minh chứng",
    "dossier_minutes": "Ghi biên bản họp xét",
    "dossier_number": "In Tờ trình, ghi số và tải bản đã ký",
}


@dataclass(frozen=True)
class Happening:
    at: object
    words: str
    who: str


def history(dossier, nominations=()):
    """[Happening] of what the unit did, newest first, at most thirty. One query."""
    about = Q(subject_type=dossier._meta.label_lower, subject_id=dossier.pk)
    ids = [row.pk for row in nominations]
    if ids:
        about |= Q(subject_type=nominations[0]._meta.label_lower, subject_id__in=ids)
    events = Event.objects.filter(about, verb__in=VERB_WORDS).select_related("actor").order_by("-at", "-pk")
    return [
        Happening(row.at, VERB_WORDS[row.verb], row.actor.full_name if row.actor else "Cổng tự ghi")
        for row in events[:MOST_EVENTS]
    ]


def versions_of(nomination):
    """[(version, what it changed in words)], the newest first. One query."""
    rows = list(NominationVersion.objects.filter(nomination=nomination).select_related("by"))
    return [
        (row, changes(rows[place + 1].content, row.content) if place + 1 < len(rows) else "")
        for place, row in enumerate(rows)
    ]


def changes(before, after):
    names = [*FIELDS, "files"]
    return ", ".join(
        FIELD_WORDS[name] for name in names if name in FIELD_WORDS and before.get(name) != after.get(name)
    )


def readable_files(user):
    """Files of readable dossiers."""
    return DossierFile.objects.filter(dossier__in=readable_dossiers(user).values("pk")).select_related(
        "dossier__unit__kind", "dossier__round__council", "nomination"
    )
