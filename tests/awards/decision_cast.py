"""A round before the Standing Committee, for tests of decisions, publishing and the golden book."""

from dataclasses import dataclass
from datetime import date

from awards import publishing
from awards.decisions import Given, number_decision, open_decision, save_outcomes, stamp
from awards.models import DecisionLine, Round, Stage
from doanportal import clock
from tests.factories.awards import make_dossier, make_nomination, make_round
from tests.factories.units import make_department, make_member, make_unit
from units.models import Role, Unit, UnitName


@dataclass
class Cast:
    round: object
    unit: object
    other: object
    dossier: object
    other_dossier: object
    officer: object
    leader: object
    clerk: object
    secretary: object

    def nominate(self, number=1, *, dossier=None, stage=Stage.BUREAU, **fields):
        found = [make_nomination(dossier or self.dossier, stage=stage, **fields) for _ in range(number)]
        return found[0] if number == 1 else found

    def give(self, *nominations, outcome="granted", reason="", by=None):
        """Write outcomes as the page would, having just shown what stands there."""
        lines = {row.nomination_id: row for row in DecisionLine.objects.filter(nomination__in=nominations)}
        given = {row.pk: Given(outcome, reason, stamp(lines.get(row.pk))) for row in nominations}
        return save_outcomes(self.round, given, by=by or self.officer)

    def refuse(self, *nominations, reason="Chưa đủ thành tích"):
        return self.give(*nominations, outcome="refused", reason=reason)

    @property
    def decision(self):
        return open_decision(self.round)

    def number(self, number="101", on=date(2023, 12, 20), term="2022-2027", decision=None):
        decision = decision or self.decision
        number_decision(decision, number=number, symbol="", term=term, date=on, by=self.officer)
        decision.refresh_from_db()
        return decision

    def publish(self, decision, *, by=None, seen=None):
        now = clock.now()
        seen = seen or publishing.publication_of(decision, now=now).digest
        return publishing.publish(decision, seen=seen, by=by or self.officer)

    def decide(self, *nominations, number="101"):
        """Granted, numbered and published in one go; the golden book's entries."""
        _, wrong = self.give(*nominations)
        assert wrong == {}
        return self.publish(self.number(number))


def make_cast(**round_fields):
    """Two units with dossiers in a closed round; Ban Phong trào, Thường trực, Văn thư, a Bí thư."""
    province = Unit.objects.filter(code="TD-BP").first() or make_unit(
        code="TD-BP", kind="province", name="Tỉnh Đoàn Bình Phước", short_name="Bình Phước"
    )
    UnitName.objects.filter(unit=province).update(
        full_name="Tỉnh Đoàn Bình Phước",
        upper_line="",
        issuer_line="BCH ĐOÀN TỈNH BÌNH PHƯỚC",
        issuer_code="TĐTN",
        place_name="Bình Phước",
        standing_committee="TM. BAN THƯỜNG VỤ TỈNH ĐOÀN",
        signer_name="Trần Hoàng Trực",
    )
    unit, other = make_unit(name="Huyện Đoàn Lộc Thử"), make_unit(name="Huyện Đoàn Bù Thử")
    award_round = make_round(
        **{"state": Round.State.CLOSED, "name": "Đợt khen Đề án năm 2023"} | round_fields
    )
    return Cast(
        round=award_round,
        unit=unit,
        other=other,
        dossier=make_dossier(award_round, unit),
        other_dossier=make_dossier(award_round, other),
        officer=make_member(make_department(), Role.OFFICER, full_name="Cán bộ Phong trào"),
        leader=make_member(province, Role.LEADER, full_name="Thường trực"),
        clerk=make_member(province, Role.CLERK, full_name="Văn thư"),
        secretary=make_member(unit, Role.SECRETARY, full_name="Bí thư Lộc Thử"),
    )
