"""Teams, people and activities for tests; rows as the rules would leave them."""

from datetime import date

from doanportal import clock
from tests.factories.units import make_post, make_user
from units.models import Document, DocumentType, Post, Role, Unit
from volunteers.loading import load_kinds
from volunteers.models import (
    Activity,
    ActivityKind,
    ActivityUnit,
    Consent,
    ConsentText,
    Membership,
    Person,
    Team,
    TeamKind,
)

NUMBER = iter(range(1, 10**6))


def unit_of(unit):
    """The Unit itself, or the one of that code."""
    return unit if isinstance(unit, Unit) else Unit.objects.select_related("kind").get(code=unit)


def make_responsible(unit):
    """A post that may be in charge of a team of the unit: its Bí thư, the province's Thường trực."""
    unit = unit_of(unit)
    role = Role.LEADER if unit.kind.code == "province" else Role.SECRETARY
    post = Post.objects.filter(unit=unit, role=role).first()
    return post or make_post(make_user(), unit, role)


def make_decision(unit, *, on=date(2023, 2, 24), number=None):
    """A founding decision of the unit; without a day it is still a draft without a number."""
    return Document.objects.create(
        issuer=unit_of(unit),
        type=DocumentType.DECISION,
        term="2022-2027",
        number="" if on is None else number or str(next(NUMBER)),
        symbol="QĐ/ĐTN",
        date=on,
        subject="Thành lập đội hình",
    )


def make_team(unit, *kinds, founded_on=date(2023, 2, 24), maintained_since=None, **fields):
    """A team of the unit; by decision of `founded_on` (None: draft), or kept up since a day."""
    load_kinds()
    unit = unit_of(unit)
    if maintained_since:
        fields |= {"founding": Team.Founding.MAINTAINED, "maintained_since": maintained_since}
    else:
        fields["document"] = make_decision(unit, on=founded_on)
    fields.setdefault("name", f"Đội hình số {next(NUMBER)}")
    fields.setdefault("responsible", make_responsible(unit))
    team = Team.objects.create(unit=unit, **fields)
    team.kinds.set(TeamKind.objects.filter(code__in=kinds or ["digital_society"]))
    return team


def make_person(unit, **fields):
    """An adult of the unit with a name, a year of birth and a phone."""
    number = next(NUMBER)
    values = {
        "full_name": f"Nguyễn Văn {number}",
        "birth_year": 1995,
        "gender": "male",
        "position": "Đoàn viên",
        "workplace": "Xã Lộc Thái",
        "phone": f"09{number:08d}",
    }
    return Person.objects.create(unit=unit_of(unit), **values | fields)


def make_consent(person, *, by=Consent.By.SELF, recorded_by=None, given_on=date(2023, 2, 20), **fields):
    load_kinds()
    text = ConsentText.objects.filter(purpose="roster").first()
    return Consent.objects.create(
        person=person,
        text=text,
        by=by,
        channel=Consent.Channel.PAPER,
        given_on=given_on,
        recorded_by=recorded_by or make_user(),
        **fields,
    )


def make_membership(team, person=None, *, joined=date(2023, 2, 24), left=None, **fields):
    person = person or make_person(team.unit)
    return Membership.objects.create(
        unit=team.unit, team=team, person=person, valid_from=joined, valid_to=left, **fields
    )


def make_activity(unit, *, on=date(2023, 3, 18), kind="communication", held=True, joint=(), **fields):
    """An activity of the unit, held unless told otherwise; `targets`: codes of the 2023 plan."""
    load_kinds()
    targets = fields.pop("targets", ())
    teams = fields.pop("teams", ())
    values = {"title": f"Hoạt động {next(NUMBER)}", "place": "Nhà văn hóa xã"}
    if held:
        values |= {"state": Activity.State.HELD, "held_at": clock.now()}
    activity = Activity.objects.create(
        unit=unit_of(unit), kind=ActivityKind.objects.get(code=kind), starts_on=on, **values | fields
    )
    for guest in joint:
        ActivityUnit.objects.create(activity=activity, unit=unit_of(guest))
    if targets:
        model = Activity.targets.rel.model
        activity.targets.set(model.objects.filter(code__in=targets, plan__year=on.year))
    activity.teams.set(teams)
    return activity
