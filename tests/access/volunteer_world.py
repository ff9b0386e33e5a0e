"""Teams, people, activities and registers of a unit, each with a canary: people have one of their own."""

from datetime import date

from doanportal import clock
from tests.factories.plans import local
from tests.factories.reports import photo_upload
from tests.factories.volunteers import (
    make_activity,
    make_consent,
    make_membership,
    make_person,
    make_team,
)
from tests.volunteers.workbooks import person as sheet_row
from tests.volunteers.workbooks import start, workbook
from units.documents import attach_file, read_signed
from volunteers.activity_plans import answer_plan, send_plan
from volunteers.data_requests import receive
from volunteers.models import ActivityPlan, CameraRoute, CommandPost, Consent, DataSubjectRequest
from volunteers.photos import add_photo
from volunteers.roster import send_roster


def person_canary(code):
    """The word that only the people of this unit carry."""
    return f"NGUOIKIN{code}"


def phone_of(code):
    return f"0933000{code}"


def masked(code):
    return f"093•••••{code[1:]}"


def build_volunteers(unit, word, *, secretary, officer):
    """Ids by the URL parameter that takes them; `word` marks what is no person."""
    code = unit.code
    team = make_team(unit, name=f"Đội hình {word}", place=word, tasks=word)
    attach_file(team.document, read_signed(photo_upload(f"qd-{word}.jpg")), by=secretary)
    person = make_person(
        unit,
        full_name=f"Trần {person_canary(code)}",
        position=person_canary(code),
        workplace=person_canary(code),
        phone=phone_of(code),
    )
    twin = make_person(unit, full_name=person.full_name, phone="")
    membership = make_membership(team, person, basis=word)
    seat = CommandPost.objects.create(
        unit=unit, team=team, person=person, role="leader", valid_from=date(2023, 2, 24)
    )
    consent = make_consent(
        person, by=Consent.By.GUARDIAN, guardian_name=f"Mẹ {person_canary(code)}", recorded_by=secretary
    )
    with clock.at(local(2023, 3, 15)):
        send_roster(team, as_of=date(2023, 3, 14), by=secretary)
        activity = make_activity(
            unit,
            title=f"Ra quân {word}",
            place=word,
            on=date(2023, 3, 10),
            result=word,
            targets=["T5"],
            assigned=True,
        )
        plan = send_plan(activity, text=f"Phương án {word}", by=secretary, upload=photo_upload(f"{word}.jpg"))
        answer_plan(plan, answer=ActivityPlan.Answer.COMMENTS, text=f"Ý kiến {word}", by=officer)
        photo = add_photo(
            activity,
            photo_upload(f"anh-{word}.jpg", size=(90, 50 + int(code) % 7)),
            by=secretary,
            caption=word,
        )
        asked = receive(
            person,
            kind=DataSubjectRequest.Kind.ACCESS,
            channel=Consent.Channel.PAPER,
            received_at=clock.now(),
            by=secretary,
        )
        CameraRoute(unit=unit, name=f"Tuyến {word}", kind="road", place=word, note=word).save()
    pending = start(
        workbook([sheet_row("Lê Thị Kín", 1996, "", person_canary(code), "", phone_of(code))]),
        team=team,
        by=secretary,
    )
    return {
        "team_id": team.pk,
        "membership_id": membership.pk,
        "seat_id": seat.pk,
        "person_id": person.pk,
        "other_id": twin.pk,
        "consent_id": consent.pk,
        "activity_id": activity.pk,
        "photo_id": photo.pk,
        "request_id": asked.pk,
        "import_id": pending.pk,
        "document_id": team.document_id,
        "row_id": CameraRoute.objects.get(unit=unit).pk,
    }
