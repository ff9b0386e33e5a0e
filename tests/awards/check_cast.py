"""Who checks nominations, for tests: a cluster with its department, Ban Phong trào, Ban Xây dựng Đoàn."""

from dataclasses import dataclass

from awards.checks import assess, latest_version_of
from awards.models import Assessment, Round, Stage, SupplementRequest
from doanportal import clock
from tests.factories.awards import make_dossier, make_nomination, make_round, make_version
from tests.factories.units import (
    make_cluster,
    make_department,
    make_member,
    make_supervision,
    make_unit,
    make_user,
)
from units.models import Role

Step = Assessment.Step


@dataclass
class Cast:
    round: Round
    unit: object
    dossier: object
    department: object
    officer: object  # of the department in charge
    lead: object
    checker: object
    outsider: object  # of a department that is not in charge

    def nominate(self, number=1, *, stage=Stage.CLUSTER, **fields):
        found = [make_nomination(self.dossier, stage=stage, **fields) for _ in range(number)]
        return found[0] if number == 1 else found

    def judge(self, nomination, *, step=Step.CLUSTER, verdict="propose", text="", by=None):
        who = {Step.CLUSTER: self.officer, Step.CHECK: self.lead, Step.CHECK_TOGETHER: self.checker}
        return assess(
            nomination,
            step=step,
            version_id=latest_version_of(nomination).pk,
            verdict=verdict,
            text=text,
            by=by or who[step],
        )


def make_cast(**round_fields):
    unit = make_unit(name="Huyện Đoàn Lộc Thử")
    department = make_department("BTG", "Ban Tuyên giáo Tỉnh Đoàn")
    make_supervision(department, cluster=make_cluster(unit))
    award_round = make_round(**round_fields)
    return Cast(
        round=award_round,
        unit=unit,
        dossier=make_dossier(award_round, unit),
        department=department,
        officer=make_member(department, Role.OFFICER),
        lead=make_member(make_department(), Role.OFFICER),
        checker=make_member(make_department("BXDD", "Ban Xây dựng Đoàn"), Role.OFFICER),
        outsider=make_member(make_department("VP", "Văn phòng Tỉnh Đoàn"), Role.OFFICER),
    )


def asked_to_supplement(nomination, due_on):
    return SupplementRequest.objects.create(
        nomination=nomination,
        version=latest_version_of(nomination),
        text="Thêm minh chứng",
        due_on=due_on,
        at=clock.now(),
        by=make_user(),
    )


def supplemented(nomination):
    """The unit sent another version."""
    return make_version(nomination, latest_version_of(nomination).number + 1)
