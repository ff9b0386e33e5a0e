"""Two units with everything they could leak: every text of a unit carries its canary."""

import uuid
from dataclasses import dataclass, field

from django.core.files.base import ContentFile

from doanportal import clock
from plans.models import Contact, Message, Notice, Obligation
from plans.notices import tell
from reports.drafts import open_draft
from reports.models import Evidence, Remark, RollupFile, SignedCopy, Version
from reports.review import accept, send_back
from reports.submit import add_signed_copy, submit
from reports.uploads import add_evidence
from tests.access.award_world import build_awards
from tests.access.volunteer_world import build_volunteers
from tests.factories.plans import local
from tests.factories.reports import fill_monthly, hand_in, obligation_of, photo_upload, type_section
from tests.factories.units import make_post, make_user
from units.models import Role, Unit

OWN, FOREIGN = "692", "691"
ABSENT = 987_654_321
PHONES = {OWN: "0911000692", FOREIGN: "0911000691"}
ESTIMATES = {f"T{n}.{part}": "khảo sát" for n in (9, 12) for part in ("method", "source")}


def canary(code):
    """The word that only this unit's data holds."""
    return f"CHIMYEN{code}"


@dataclass
class UnitWorld:
    """Ids of one unit's things, by the name of the URL parameter that takes them."""

    code: str
    users: dict = field(default_factory=dict)
    ids: dict = field(default_factory=dict)
    # Nominations by stage, with those that are published; ids of the dossier that is not handed in.
    cases: dict = field(default_factory=dict)
    drafts: dict = field(default_factory=dict)

    @property
    def word(self):
        return canary(self.code)


def build_unit(code, officer):
    """A unit that handed in and amended, with a draft, files, a signed copy, notices, a logged call."""
    unit = Unit.objects.get(code=code)
    world = UnitWorld(code)
    word = canary(code)
    for number, role in enumerate((Role.SECRETARY, Role.DEPUTY, Role.EDITOR)):
        user = make_user(
            email=f"{role}.{word.lower()}@thu.invalid",
            full_name=f"{role} {word}",
            phone=PHONES[code] if number == 0 else None,
        )
        make_post(user, unit, role)
        world.users[role] = user
    secretary = world.users[Role.SECRETARY]
    march = obligation_of(code, "2023-03")
    with clock.at(local(2023, 3, 24)):
        draft = open_draft(march, by=secretary)
        fill_monthly(draft, {"T5.amount": "7", "T5.note": word}, by=secretary)
        type_section(draft, "difficulties", {"f.difficulties": f"Sóng yếu {word}"}, by=secretary)
        photo_field = draft.sections.get(form_section__code="evidence").form_section.fields.get(key="photos")
        evidence = add_evidence(
            draft, photo_upload(f"{word}.jpg"), by=secretary, field=photo_field, caption=word
        )
        first = submit(draft, by=secretary, idempotency_key=uuid.uuid4(), recipients=f"- {word};")
        back = send_back(
            first,
            by=officer,
            remarks=[("section:teams", Remark.Kind.MUST_FIX, f"Xem lại {word}")],
            message=word,
            due_on=march.due_at.date(),
        )
        amended = open_draft(march, by=secretary, reason=f"Bổ sung {word}")
        current = submit(amended, by=secretary, idempotency_key=uuid.uuid4())
        accept(current, by=officer, note=word)
        signed = add_signed_copy(
            current.report,
            upload=photo_upload(f"ky-{word}.jpg"),
            number=f"41-{word}",
            date=march.printed_on,
            by=secretary,
        )
    april = obligation_of(code, "2023-04")
    with clock.at(local(2023, 4, 20)):
        open_april = open_draft(april, by=secretary)
        type_section(open_april, "next", {"f.next_month": f"Việc tới {word}"}, by=secretary)
        Contact.objects.create(obligation=april, by=officer, note=f"đã gọi {word}")
        tell(
            subject_key=f"thu:{code}",
            stage="accepted",
            recipients=[secretary],
            title=f"Tin riêng {word}",
            text=word,
            url="/",
            now=clock.now(),
            obligation=april,
        )
    hand_in(code, "2023-05", {"T5.amount": "9", "T5.source": word}, by=secretary, at=local(2023, 5, 24))
    world.ids = {
        "obligation_id": march.pk,
        "evidence_id": evidence.pk,
        "signed_id": signed.pk,
        "remark_id": back.remarks.first().pk,
        "message_id": Message.objects.filter(recipient=secretary).first().pk,
        "draft_obligation_id": april.pk,
        **build_volunteers(unit, word, secretary=secretary, officer=officer),
    }
    return world


def build(officer):
    """(own UnitWorld, foreign UnitWorld, {parameter: id} of what belongs to no unit)."""
    own, foreign = build_unit(OWN, officer), build_unit(FOREIGN, officer)
    shared = build_awards({OWN: own, FOREIGN: foreign}, officer)
    rollup_file = RollupFile.objects.create(
        period_key="2023-03",
        format=RollupFile.Format.PDF,
        state=RollupFile.State.READY,
        requested_by=officer,
        file=ContentFile(f"%PDF-1.4 {canary(OWN)} {canary(FOREIGN)}".encode(), name="tong-hop.pdf"),
    )
    assert Evidence.objects.exists() and SignedCopy.objects.exists() and Notice.objects.exists()
    assert Version.objects.filter(state=Version.State.DRAFT).count() == 2
    assert Obligation.objects.exists()
    return own, foreign, shared | {"file_id": rollup_file.pk}
