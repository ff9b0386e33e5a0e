"""Two rounds: one decided in June, with its golden book; one that takes dossiers until 15 September."""

from datetime import date, time

from doanportal import clock
from reports.demo.accounts import person_name
from units.models import Role, Unit
from volunteers.demo.stage import Stage

from ..checks import assess, latest_version_of, pass_to_check, pass_to_council
from ..council import close_council, open_session, record_session, save_member
from ..council_votes import confirm_counts, enter_counts, figures_of, stamp
from ..decisions import follow_council, number_decision, open_decision
from ..loading import load_award_forms
from ..models import CHECKING_DEPARTMENT, Assessment, AwardForm, CouncilMember, Nomination, Round, VoteCount
from ..publishing import publication_of, publish
from ..queries_checks import check_rows
from ..quotas import set_forms
from ..rounds import close_round, create_round, number_notice, open_round
from . import texts
from .unit_side import UnitSide

MEMBERS, ABSENT = 7, 1
GOOD, POOR = 6, 2
DECISION_NUMBER = "84"


def tell_awards(plan, *, seed, until, live, photo):
    """How many rounds were made up to the moment `until`; a second call finds them told.

    `live`: also the round that takes dossiers at that very moment.
    """
    if Round.objects.exists() or plan.year != texts.SCHEME["printed_on"].year:
        return 0
    story = Story(Stage(plan, seed=seed, until=until), photo)
    if story.stage.has_come(date(2023, 6, 17)):
        story.half_year()
    if live and story.stage.has_come(date(2023, 8, 23)) and not story.stage.has_come(date(2023, 9, 15)):
        story.scheme()
    return Round.objects.count()


class Story:
    def __init__(self, stage, photo):
        load_award_forms()
        self.stage, self.officer = stage, stage.officer
        self.form = AwardForm.objects.get(code="province_certificate")
        self.units = UnitSide(stage, self.form, photo)
        checking = Unit.objects.get(code=CHECKING_DEPARTMENT)
        self.checker = stage.posts[checking.pk, Role.OFFICER].user
        self.leader = stage.posts[stage.province.pk, Role.LEADER].user

    def half_year(self):
        """From the notice in May to the published decision in June."""
        award_round = self.open(
            texts.HALF_YEAR, prepared=date(2023, 5, 8), opened=date(2023, 5, 9), number="61"
        )
        proposing = dict(texts.PROPOSED)
        owing = Unit.objects.filter(obligations__cause=f"round:{award_round.pk}").order_by("display_order")
        for unit in owing.select_related("kind"):
            if kinds := proposing.get(unit.code):
                self.units.hand_in(award_round, unit, kinds, on=date(2023, 6, 1))
            else:
                self.units.nothing(award_round, unit, on=date(2023, 5, 30))
        self.check(award_round)
        self.sit(award_round)
        self.decide(award_round)

    def scheme(self):
        """Open: some have handed in, Lộc Ninh is writing."""
        award_round = self.open(texts.SCHEME, prepared=date(2023, 8, 7), opened=date(2023, 8, 8), number="88")
        for unit_code, kinds in texts.HANDED_IN_EARLY:
            self.units.hand_in(award_round, self.stage.by_code[unit_code], kinds, on=date(2023, 8, 22))
        self.units.begin(award_round, self.stage.by_code["692"], on=date(2023, 8, 23))

    def open(self, words, *, prepared, opened, number):
        with self.stage.on(prepared):
            facts = {"plan": self.stage.plan, "rules": texts.RULES, "fallback_form": self.form, **words}
            award_round = create_round(facts=facts, by=self.officer)
            rows = {(self.form.pk, kind): None for kind in (texts.COLLECTIVE, texts.INDIVIDUAL)}
            set_forms(award_round, revision=award_round.revision, rows=rows, by=self.officer)
        with self.stage.on(opened):
            number_notice(
                award_round, number=number, symbol="", term=texts.TERM, date=opened, by=self.officer
            )
            return open_round(award_round, by=self.officer)

    def check(self, award_round):
        """Departments propose, the round closes, Ban Phong trào and Ban Xây dựng Đoàn check, all goes on."""
        with self.stage.on(date(2023, 6, 5)):
            for row in self.cases(award_round):
                self.judge(row, Assessment.Step.CLUSTER, self.officer)
            close_round(award_round, by=self.officer)
            for department in [*Unit.objects.filter(kind__code="department"), None]:
                pass_to_check(award_round, department=department, by=self.officer)
        with self.stage.on(date(2023, 6, 7)):
            for row in self.cases(award_round):
                self.judge(row, Assessment.Step.CHECK, self.officer)
                self.judge(row, Assessment.Step.CHECK_TOGETHER, self.checker)
            pass_to_council(award_round, rows=check_rows(self.officer, award_round), by=self.officer)

    def judge(self, row, step, by):
        good = not self.is_refused(row)
        assess(
            row,
            step=step,
            version_id=latest_version_of(row).pk,
            verdict=Assessment.Verdict.PROPOSE if good else Assessment.Verdict.NOT_PROPOSE,
            text="" if good else texts.NOT_YET,
            by=by,
        )

    def cases(self, award_round):
        return Nomination.objects.filter(round=award_round).select_related("unit").order_by("pk")

    def is_refused(self, row):
        return (row.unit.code, row.subject_kind) == texts.REFUSED

    def sit(self, award_round):
        """The council: seven members, one away; counted by Ban Phong trào, confirmed by Thường trực."""
        with self.stage.on(date(2023, 6, 12), 7, 45):
            for place in range(MEMBERS):
                chair = place == 0
                save_member(
                    award_round,
                    name=self.leader.full_name if chair else person_name(self.stage.chance),
                    title="Phó Bí thư Tỉnh Đoàn" if chair else "Ủy viên Ban Thường vụ Tỉnh Đoàn",
                    role=CouncilMember.Role.CHAIR if chair else CouncilMember.Role.MEMBER,
                    unit=None,
                    user=self.leader if chair else None,
                    by=self.officer,
                )
            members = list(award_round.council.members.order_by("pk"))
            away = members[-ABSENT:]
            record_session(
                award_round,
                revision=award_round.council.revision,
                sits_on=date(2023, 6, 12),
                starts_time=time(8),
                place="Phòng họp Tỉnh Đoàn",
                basis="Quyết định của Ban Thường vụ Tỉnh Đoàn (minh họa)",
                attendance={
                    row.pk: (row not in away, "đi công tác" if row in away else "") for row in members
                },
                by=self.officer,
            )
            open_session(award_round, by=self.officer)
        with self.stage.on(date(2023, 6, 12), 9, 30):
            rows = list(self.cases(award_round))
            given = {row.pk: (1, "", self.figures(award_round, row)) for row in rows}
            enter_counts(award_round, given, by=self.officer)
            counts = VoteCount.objects.filter(nomination__in=rows)
            confirm_counts(
                award_round, {count.nomination_id: stamp(count) for count in counts}, by=self.leader
            )
            close_council(award_round, ends_time=time(10), discussion=texts.DISCUSSION, by=self.officer)

    def figures(self, award_round, row):
        there = MEMBERS - ABSENT
        votes = POOR if self.is_refused(row) else GOOD
        return figures_of(
            method=award_round.method, issued=there, votes_for=votes, votes_against=there - votes
        )

    def decide(self, award_round):
        with self.stage.on(date(2023, 6, 15)):
            follow_council(award_round, by=self.officer)
            number_decision(
                open_decision(award_round),
                number=DECISION_NUMBER,
                symbol="",
                term=texts.TERM,
                date=date(2023, 6, 15),
                by=self.officer,
            )
        with self.stage.on(date(2023, 6, 16)):
            decision = award_round.decisions.select_related("document__issuer", "round__plan").get()
            seen = publication_of(decision, now=clock.now()).digest
            publish(decision, seen=seen, by=self.leader)
