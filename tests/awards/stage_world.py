"""One nomination in a stage, everybody who might touch it, and each act as the request that does it.

Whatever an act needs besides the right stage and the right person is there, as far as the database lets it:
what is refused is refused for the stage or the person alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time

from django.db import connection
from django.urls import reverse

from awards import publishing
from awards.checks import latest_version_of
from awards.decisions import stamp
from awards.models import (
    Assessment,
    Council,
    CouncilMember,
    DecisionLine,
    Dossier,
    DossierFile,
    GoldenBookEntry,
    HigherSubmission,
    Nomination,
    Round,
    RoundForm,
    Stage,
    SupplementRequest,
    VoteCount,
)
from doanportal import clock
from tests.factories.awards import (
    award_form,
    bring_to,
    make_award_decision,
    make_council,
    make_dossier,
    make_line,
    make_nomination,
    make_round,
)
from tests.factories.units import (
    make_cluster,
    make_department,
    make_member,
    make_supervision,
    make_unit,
    make_user,
)
from units.models import Document, Role

ABSENT = 999_999
Step = Assessment.Step
TABLES = tuple(
    sorted(
        {
            model._meta.db_table
            for model in Nomination._meta.apps.get_app_config("awards").get_models(include_auto_created=True)
        }
    )
)
ROLES = (
    "own_secretary",
    "own_deputy",
    "own_editor",
    "other_secretary",
    "lead_officer",
    "officer_in_charge",
    "other_officer",
    "checker",
    "leader",
    "clerk",
    "council_secretary",
    "council_member",
    "viewer",
    "admin",
)
OWN = {"own_secretary", "own_deputy", "own_editor"}
PROPOSING = {"lead_officer", "officer_in_charge"}
KEEPING = {"lead_officer", "council_secretary"}
DECIDING = {"lead_officer", "leader"}
PRINTING = {"lead_officer", "clerk"}


@dataclass
class World:
    stage: str
    people: dict = field(default_factory=dict)
    round: Round = None
    dossier: Dossier = None
    nomination: Nomination = None
    council: Council = None
    member: CouncilMember = None
    decision: object = None
    entry: GoldenBookEntry = None

    @property
    def pk(self):
        return self.nomination.pk


@dataclass(frozen=True)
class Way:
    """An act as a request: who may do it, what it needs, where it goes and with which words."""

    roles: set
    route: str
    address: Callable
    data: Callable
    needs: str = ""
    at_cluster: Callable | None = None
    prepare: Callable | None = None

    def url(self, world):
        return reverse(self.route, args=self.address(world))


def people_of(unit, other, department):
    province = make_unit(code="TD-BP", kind="province", name="Tỉnh Đoàn Bình Phước")
    admin = make_member(province, Role.ADMIN, is_staff=True)
    return {
        "own_secretary": make_member(unit, Role.SECRETARY),
        "own_deputy": make_member(unit, Role.DEPUTY),
        "own_editor": make_member(unit, Role.EDITOR),
        "other_secretary": make_member(other, Role.SECRETARY),
        "lead_officer": make_member(make_department(), Role.OFFICER),
        "officer_in_charge": make_member(department, Role.OFFICER),
        "other_officer": make_member(make_department("VP", "Văn phòng Tỉnh Đoàn"), Role.OFFICER),
        "checker": make_member(make_department("BXDD", "Ban Xây dựng Đoàn"), Role.OFFICER),
        "leader": make_member(province, Role.LEADER),
        "clerk": make_member(province, Role.CLERK),
        "council_secretary": make_member(province, Role.COUNCIL_SECRETARY),
        "council_member": make_user(),
        "viewer": make_member(province, Role.VIEWER),
        "admin": admin,
    }


def build(stage, way):
    """The world of one act in one stage."""
    unit, other = make_unit(name="Huyện Đoàn Lộc Thử"), make_unit(name="Huyện Đoàn Bù Thử")
    department = make_department("BTG", "Ban Tuyên giáo Tỉnh Đoàn")
    make_supervision(department, cluster=make_cluster(unit, other))
    world = World(stage, people_of(unit, other, department))
    world.round = make_round(printed_on=date(2023, 12, 29), most_ballots=1)
    world.dossier = complete_dossier(world.round, unit)
    form = "central_certificate" if way.needs == "higher" else "province_certificate"
    world.nomination = complete_nomination(world.dossier, form)
    if stage != Stage.DRAFT:
        bring_to(world.nomination, Stage.CLUSTER)
        if way.at_cluster:
            way.at_cluster(world)
        bring_to(world.nomination, Stage.BUREAU if stage == Stage.PUBLISHED else stage)
    sit(world)
    if way.needs != "higher":
        decide(world)
    if way.prepare:
        way.prepare(world)
    if stage == Stage.PUBLISHED:
        finish(world)
    world.nomination.refresh_from_db()
    return world


def complete_dossier(award_round, unit):
    proposal = Document.objects.create(
        issuer=unit,
        type="TTr",
        term="2022-2027",
        number="12",
        symbol="TTr/ĐTN",
        date=date(2023, 12, 18),
        subject="Tờ trình",
        file="documents/to-trinh.pdf",
        sha256="a" * 64,
    )
    return make_dossier(
        award_round,
        unit,
        proposal=proposal,
        met_on=date(2023, 12, 15),
        chair="Trần Thị Hà",
        minutes_taker="Lê Văn Tư",
        invited=9,
        present=8,
    )


def complete_nomination(dossier, form):
    nomination = make_nomination(
        dossier,
        form=award_form(form),
        gender="female",
        workplace="Đoàn xã Lộc Hiệp",
        votes_for=8,
        votes_against=0,
    )
    for number, kind in enumerate(("report", "evidence")):
        DossierFile.objects.create(
            dossier=dossier,
            nomination=nomination,
            kind=kind,
            file="awards/tep.pdf",
            original_name="tep.pdf",
            content_type="application/pdf",
            size=10,
            sha256=str(number) * 64,
            uploaded_by=make_user(),
        )
    return nomination


def sit(world):
    """A council of nine in session, eight present, the council member of the cast among them."""
    world.council = make_council(world.round)
    Council.objects.filter(pk=world.council.pk).update(
        sits_on=date(2023, 12, 22), starts_time=time(8), place="Hội trường"
    )
    world.member = world.council.members.all()[1]
    CouncilMember.objects.filter(pk=world.member.pk).update(user=world.people["council_member"])


def decide(world):
    """A prepared decision with its number in which the nomination is granted."""
    world.decision = make_award_decision(world.round)
    Document.objects.filter(pk=world.decision.document_id).update(term="2022-2027", symbol="QĐ/TĐTN-BPT")
    world.decision.refresh_from_db()
    make_line(world.decision, world.nomination)


def finish(world):
    """Publish by the portal's own act where the decision can be; else only the stage."""
    if world.decision is None or not world.decision.lines.exists():
        bring_to(world.nomination, Stage.PUBLISHED)
        return
    seen = digest(world)
    entries = publishing.publish(world.decision, seen=seen, by=world.people["lead_officer"])
    world.entry = entries[0]


def digest(world):
    return publishing.publication_of(world.decision, now=clock.now()).digest


def no_line(world):
    """Nothing written yet about the nomination."""
    if world.stage != Stage.PUBLISHED:
        DecisionLine.objects.filter(nomination=world.nomination).delete()


def asked(world):
    SupplementRequest.objects.create(
        nomination=world.nomination,
        version=latest_version_of(world.nomination),
        text="Thêm minh chứng",
        due_on=date(2023, 12, 28),
        by=make_user(),
    )


def judged(*steps):
    def write(world):
        for step in steps:
            Assessment.objects.create(
                nomination=world.nomination,
                version=latest_version_of(world.nomination),
                step=step,
                department=make_department(),
                verdict="propose",
                by=make_user(),
            )

    return write


def counted(*, confirmed, votes_for=7):
    """A count of everybody present, entered by somebody who is not in the cast."""

    def write(world):
        count(world, world.nomination, confirmed=confirmed, votes_for=votes_for)

    return write


def count(world, nomination, *, confirmed, votes_for):
    VoteCount.objects.create(
        nomination=nomination,
        council=world.council,
        ballot=1,
        members=9,
        present=8,
        issued=8,
        votes_for=votes_for,
        votes_against=8 - votes_for,
        base=9,
        threshold_percent=70,
        passed=votes_for >= 7,
        method="paper",
        entered_by=make_user(),
        confirmed_by=make_user() if confirmed else None,
        confirmed_at=clock.now() if confirmed else None,
    )


def tied(world):
    """Two of the same form with the same votes, one place, no ballot left."""
    RoundForm.objects.filter(round=world.round).update(most=1)
    twin = make_nomination(world.dossier, stage=Stage.COUNCIL)
    for nomination in (world.nomination, twin):
        count(world, nomination, confirmed=True, votes_for=7)


def ids_of_tie(world):
    found = Nomination.objects.filter(round=world.round, fallback_of=None).order_by("pk")
    return ",".join(str(pk) for pk in found.values_list("pk", flat=True))


def submitted(world):
    HigherSubmission.objects.create(
        nomination=world.nomination,
        form=world.nomination.form,
        sent_on=date(2023, 12, 21),
        sent_by=make_user(),
    )


def of_nomination(world):
    return [world.pk]


def of_dossier(world):
    return [world.dossier.pk]


def of_round(world):
    return [world.round.pk]


def of_case(world):
    return [world.round.pk, world.pk]


def of_decision(world):
    return [world.round.pk, world.decision.pk if world.decision else ABSENT]


def of_entry(world):
    return [world.entry.pk if world.entry else ABSENT]


def words(world):
    return {
        "revision": Nomination.objects.get(pk=world.pk).revision,
        "form": world.nomination.form_id,
        "name": "Trần Thị Sửa",
        "birth_year": "1991",
        "gender": "female",
        "position": "Phó Bí thư",
        "workplace": "Đoàn xã",
        "summary": "Thành tích khác",
        "report": "Báo cáo bổ sung",
        "confirmed_by": "Phạm Văn Chính",
    }


def verdict(world):
    newest = latest_version_of(world.nomination)
    return {"version": newest.pk if newest else ABSENT, "verdict": "propose", "text": "Ý kiến mới"}


def votes(world):
    pk = world.pk
    return {
        "id": pk,
        f"{pk}n": "1",
        f"{pk}s": "",
        f"{pk}i": "8",
        f"{pk}f": "7",
        f"{pk}a": "1",
        f"{pk}b": "0",
        f"{pk}x": "0",
    }


def outcome(world):
    line = DecisionLine.objects.filter(nomination=world.nomination).first()
    return {
        "id": world.pk,
        f"o{world.pk}": "refused",
        f"r{world.pk}": "Chưa đủ",
        f"w{world.pk}": stamp(line),
    }


WAYS = {
    "edit": Way(OWN, "nomination_edit", of_nomination, words),
    "remove": Way(OWN, "nomination_remove", of_nomination, lambda world: {}, prepare=no_line),
    "hand_in": Way(
        OWN - {"own_editor"}, "dossier_hand_in", of_dossier, lambda world: {"sure": "on"}, prepare=no_line
    ),
    "ask_supplement": Way(
        PROPOSING,
        "check_supplement",
        of_nomination,
        lambda world: {"text": "Thêm giấy tờ", "due_on": "28/12/2023"},
    ),
    "supplement": Way(OWN, "nomination_supplement", of_nomination, words, at_cluster=asked),
    "propose": Way(PROPOSING, "check_nomination", of_nomination, verdict),
    "pass_to_check": Way(
        PROPOSING,
        "cluster_list",
        of_round,
        lambda world: {"ban": "BTG"},
        at_cluster=judged(Step.CLUSTER),
    ),
    "check": Way({"lead_officer"}, "check_nomination", of_nomination, verdict),
    "check_together": Way({"checker"}, "check_nomination", of_nomination, verdict),
    "pass_to_council": Way(
        {"lead_officer"},
        "bpt_list",
        of_round,
        lambda world: {},
        at_cluster=judged(Step.CLUSTER, Step.CHECK, Step.CHECK_TOGETHER),
    ),
    "note_conflict": Way(
        KEEPING,
        "council_conflict",
        of_case,
        lambda world: {f"out_{world.member.pk}": "1", f"reason_{world.member.pk}": "người thân"},
    ),
    "count_votes": Way(KEEPING, "council_count", of_round, votes),
    "confirm_votes": Way(
        KEEPING | {"leader", "council_member"},
        "council_confirm_one",
        of_case,
        votes,
        prepare=counted(confirmed=False),
    ),
    "rule_tie": Way(
        KEEPING,
        "council_tie",
        of_round,
        lambda world: {"among": ids_of_tie(world), "chosen": world.pk, "reason": "Nhiều sáng kiến"},
        prepare=tied,
    ),
    "pass_to_bureau": Way(
        KEEPING,
        "council_close",
        of_round,
        lambda world: {"ends_time": "11 giờ", "discussion": "", "leave_behind": "on"},
        prepare=counted(confirmed=True),
    ),
    "prepare_outcome": Way(DECIDING, "decision_outcome", of_round, outcome, prepare=no_line),
    "submit_higher": Way(
        DECIDING,
        "higher_submit",
        of_round,
        lambda world: {"id": world.pk, "sent_on": "21/12/2023"},
        needs="higher",
        prepare=counted(confirmed=True),
    ),
    "answer_higher": Way(
        DECIDING,
        "higher_answer",
        of_case,
        lambda world: {"answer": "granted", "answered_on": "22/12/2023", "reference": "QĐ 5"},
        needs="higher",
        prepare=submitted,
    ),
    "publish": Way(
        DECIDING,
        "decision_publish",
        of_decision,
        lambda world: {"seen": digest(world) if world.decision else ""},
    ),
    "print_certificate": Way(
        PRINTING,
        "batch_create",
        of_round,
        lambda world: {"mode": "full", "kind": "", "first": "", "last": ""},
    ),
    "correct_book": Way(
        PRINTING,
        "golden_correct",
        of_entry,
        lambda world: {"name": "Trần Thị Đúng", "achievement": "triển khai Đề án", "reason": "Sai tên"},
    ),
}


def dump():
    """{table: (rows, their hash)} of everything that awards keep."""
    columns = "count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
    parts = [f"SELECT '{name}', {columns} FROM {name} t" for name in TABLES]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {name: (rows, digest_) for name, rows, digest_ in cursor.fetchall()}
