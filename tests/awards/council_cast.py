"""A council of nine at work, for its tests: a round, its dossiers, who keeps it and who confirms."""

from dataclasses import dataclass

from awards.council_votes import confirm_counts, enter_counts, figures_of, stamp
from awards.models import Council, CouncilMember, RoundForm, Stage, VoteCount
from awards.queries_council import results
from tests.factories.awards import make_council, make_dossier, make_nomination, make_round
from tests.factories.units import make_department, make_member, make_unit
from units.models import Role, Unit


@dataclass
class Cast:
    round: object
    council: object
    dossier: object
    keeper: object
    second: object

    def nominate(self, number=1, *, stage=Stage.COUNCIL, dossier=None, **fields):
        found = [make_nomination(dossier or self.dossier, stage=stage, **fields) for _ in range(number)]
        return found[0] if number == 1 else found

    def limit(self, most, kind="individual"):
        RoundForm.objects.filter(
            round=self.round, form__code="province_certificate", subject_kind=kind
        ).update(most=most)

    def enter(self, nomination, votes_for, *, ballot=1, by=None, **figures):
        """Enter one count; the others are against. ([kept], {id: [(field, message)]})"""
        given = self.given(nomination, votes_for, ballot, **figures)
        return enter_counts(self.round, {nomination.pk: given}, by=by or self.keeper)

    def given(self, nomination, votes_for, ballot=1, **figures):
        current = VoteCount.objects.filter(nomination=nomination, ballot=ballot).first()
        voting = self.council.members.exclude(conflicts__nomination=nomination).filter(present=True).count()
        values = {"issued": voting, "votes_for": votes_for, "votes_against": max(voting - votes_for, 0)}
        return ballot, stamp(current), figures_of(method=self.round.method, **values | figures)

    def confirm(self, *nominations, by=None):
        counts = VoteCount.objects.filter(nomination__in=nominations, confirmed_by=None)
        given = {count.nomination_id: stamp(count) for count in counts}
        return confirm_counts(self.round, given, by=by or self.second)

    def vote(self, nomination, votes_for, *, ballot=1, **figures):
        """Entered and confirmed."""
        kept, wrong = self.enter(nomination, votes_for, ballot=ballot, **figures)
        assert (kept, wrong) == ([nomination.pk], {})
        done, wrong = self.confirm(nomination)
        assert (done, wrong) == ([nomination.pk], {})

    def results(self):
        return results(self.round)

    def outcome(self, nomination):
        return str(self.results()[nomination.pk].outcome)


def make_cast(*, present=8, absent=1, **round_fields):
    """Sitting: 8 of 9 are there, the threshold is 70 % of all who may vote, by paper."""
    province = Unit.objects.filter(code="TD-BP").first() or make_unit(code="TD-BP", kind="province")
    award_round = make_round(**round_fields)
    council = make_council(award_round, present=present, absent=absent)
    CouncilMember.objects.filter(council=council, present=False).update(absence_reason="đi công tác")
    Council.objects.filter(pk=council.pk).update(
        sits_on="2023-11-20", starts_time="08:00", place="Hội trường Tỉnh Đoàn"
    )
    council.refresh_from_db()
    return Cast(
        round=award_round,
        council=council,
        dossier=make_dossier(award_round, make_unit(name="Huyện Đoàn Lộc Thử")),
        keeper=make_member(province, Role.COUNCIL_SECRETARY, full_name="Lê Thư Ký"),
        second=make_member(make_department(), Role.OFFICER),
    )
