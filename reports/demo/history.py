"""Play a year through the real hand-in and review functions, each act at its own moment."""

import io
import random
import uuid
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.utils import timezone
from PIL import Image, ImageDraw

from doanportal import clock
from plans.models import Message, Notice, Obligation
from plans.obligations import waive
from units.models import LEAD_DEPARTMENT, Post, Role

from ..drafts import first_of_month, open_draft, targets_for
from ..models import Remark, Section
from ..review import accept, send_back
from ..submit import submit
from ..uploads import add_evidence
from .figures import UnitStory

PUNCTUAL, SLOW = 0.86, 0.1
FEW = 0.3
AMENDED = 0.07
READ_AFTER = timedelta(days=7)
PLAYED = "692"  # Lộc Ninh: its next report is left to who tries the demo
STILL_AMENDING = "690"  # Bình Long


class History:
    """What happened up to now: who handed in what and when, who was asked to amend."""

    def __init__(self, plan, *, seed, now):
        self.plan, self.now = plan, now
        self.chance = random.Random(seed)  # noqa: S311 - illustrative data, no secret
        self.stories = {}
        self.people = {
            (post.unit_id, post.role): post.user for post in Post.objects.select_related("user", "unit")
        }
        lead = (
            Post.objects.filter(unit__code=LEAD_DEPARTMENT, role=Role.OFFICER).select_related("user").first()
        )
        self.officer = lead.user
        self.photo = illustrative_photo()

    def play(self, *, through=None):
        """Hand in everything due up to `through` (a period key; None: by the clock); returns how many."""
        obligations = (
            Obligation.objects.of_plan()
            .open()
            .filter(plan=self.plan)
            # What no report fulfils, decisions and activity plans, is told by the teams' own story.
            .exclude(form__code__in=settings.PORTAL_OBLIGATION_PAGES)
            .select_related("owner", "owner__kind", "form", "deadline")
            .order_by("due_at", "owner__display_order", "form__code", "pk")
        )
        done = 0
        for obligation in obligations:
            moment = self.moment_for(obligation, through)
            if moment is None:
                continue
            self.hand_in(obligation, moment)
            done += 1
        return done

    def settle(self):
        """Mails of the past went out then; only what comes next is to be sent."""
        Notice.objects.waiting().update(sent_at=F("planned_for"))
        Message.objects.filter(created_at__lt=self.now - READ_AFTER).update(read_at=F("created_at"))

    def moment_for(self, obligation, through):
        """When the unit hands in, or None when it has not by then; the same chances are drawn anyway."""
        draw, minutes = self.chance.random(), self.chance.randint(0, 9 * 60)
        local_due = timezone.localtime(obligation.due_at).date()
        days = 0 if draw < 0.5 else -1 if draw < PUNCTUAL else 2
        if draw > PUNCTUAL + SLOW:
            days = 4
        if obligation.form.code == "launch_event":
            days = 0
        moment = datetime.combine(
            local_due + timedelta(days=days), time(8), tzinfo=timezone.get_default_timezone()
        ) + timedelta(minutes=minutes)
        if through is not None:
            return moment if obligation.cutoff_on.strftime("%Y-%m") <= through else None
        if moment < self.now:
            return moment
        still_open = obligation.due_at > self.now and obligation.period_from <= timezone.localdate(self.now)
        if obligation.owner.code == PLAYED:
            return None
        if still_open and draw < FEW and obligation.due_at - self.now < timedelta(days=4):
            day_before = timezone.localdate(self.now) - timedelta(days=1)
            opening = datetime.combine(day_before, time(8), tzinfo=timezone.get_default_timezone())
            return opening + timedelta(minutes=minutes)
        return None

    def hand_in(self, obligation, moment):
        secretary = self.people[(obligation.owner_id, Role.SECRETARY)]
        editor = self.people[(obligation.owner_id, Role.EDITOR)]
        if self.is_waived(obligation):
            with clock.at(obligation.due_at - timedelta(days=3)):
                waive(
                    obligation,
                    by=self.officer,
                    reason="Đội hình của đơn vị thành lập cuối tháng 02 (minh họa).",
                )
            return
        with clock.at(moment - timedelta(minutes=40)):
            draft = open_draft(obligation, by=editor)
            self.fill(draft, obligation)
            if obligation.form.code != "command_board_list":
                self.attach_photo(draft, obligation)
        with clock.at(moment):
            version = submit(draft, by=secretary, idempotency_key=uuid.uuid4(), **self.signer(obligation))
        self.review(version, obligation, moment)

    def is_waived(self, obligation):
        """The college's first month: its team was founded at the end of February."""
        return obligation.owner.code == "MH-CD" and obligation.period_key.endswith("-02")

    def still_amending(self, obligation):
        """One unit's latest month is with the unit for amendments, so that this state can be seen."""
        age = self.now - obligation.due_at
        return (
            obligation.owner.code == STILL_AMENDING
            and obligation.form.code == "monthly_report"
            and timedelta(0) < age < timedelta(days=31)
        )

    def signer(self, obligation):
        name = self.people[(obligation.owner_id, Role.SECRETARY)].full_name
        return {
            "signer_name": name,
            "signer_title": "BÍ THƯ",
            "recipients": self.plan.unit_recipients.format(unit=obligation.owner.name),
        }

    def story(self, obligation, targets):
        if obligation.owner_id not in self.stories:
            self.stories[obligation.owner_id] = UnitStory.begin(f"{obligation.owner.code}", targets)
        return self.stories[obligation.owner_id]

    def fill(self, draft, obligation):
        """Type the whole report: raw text into each section, as saving would leave it."""
        targets = targets_for(obligation)
        story = self.story(obligation, targets)
        month = first_of_month(obligation)
        sections = list(draft.sections.select_related("form_section"))
        raws = self.raw_by_section(obligation, story, targets, month)
        for section in sections:
            form_section = section.form_section
            if form_section.kind == "targets":
                section.raw = story.raw_targets(
                    [target for target in targets if target.sector_id == form_section.sector_id], month
                )
            else:
                section.raw = raws.get(form_section.code, raws.get("*", {}))
            section.raw = {name: text for name, text in section.raw.items() if text}
            section.nil = section.raw.get("nil") == "on"
            section.saved_at = clock.now()
            section.revision += 1
        Section.objects.bulk_update(sections, ["raw", "nil", "saved_at", "revision"])

    def raw_by_section(self, obligation, story, targets, month):
        code = obligation.form.code
        if code == "monthly_report":
            return story.raw_fields()
        if code == "command_board_list":
            return {"people": self.raw_people(obligation), "*": {}}
        launch = story.raw_launch()
        launch["f.held_on"] = f"18/3/{self.plan.year}"
        return {"*": launch}

    def raw_people(self, obligation):
        raw = {"f.consent": "Đã đồng ý"}
        posts = ((Role.SECRETARY, "Bí thư", "Đội phó"), (Role.DEPUTY, "Phó Bí thư", "Ủy viên"))
        for row, (role, position, proposed) in enumerate(posts):
            user = self.people[(obligation.owner_id, role)]
            raw |= {
                f"f.people.{row}.full_name": user.full_name,
                f"f.people.{row}.birth_year": str(self.chance.randint(1988, 1999)),
                f"f.people.{row}.position": position,
                f"f.people.{row}.workplace": obligation.owner.name,
                f"f.people.{row}.phone": user.phone,
                f"f.people.{row}.proposed_role": proposed,
            }
        return raw

    def attach_photo(self, draft, obligation):
        if obligation.form.code == "monthly_report" and self.chance.random() > FEW:
            return
        field = next(
            form_field
            for section in obligation.form.sections.prefetch_related("fields")
            for form_field in section.fields.all()
            if form_field.type == "photos"
        )
        photo = SimpleUploadedFile("anh-minh-hoa.jpg", self.photo, "image/jpeg")
        add_evidence(draft, photo, by=draft.typed_by, field=field, caption="Ảnh minh họa")

    def review(self, version, obligation, moment):
        """Ban Phong trào looks at it the next day in office hours, unless that lies ahead."""
        draw = self.chance.random()
        minute = int(8 * 60 * self.chance.random())
        next_day = timezone.localtime(moment) + timedelta(days=1)
        seen_at = next_day.replace(hour=8 + minute // 60, minute=minute % 60)
        if self.still_amending(obligation):
            draw, seen_at = 0, self.now - timedelta(days=1)
        if seen_at > self.now:
            return
        with clock.at(seen_at):
            if draw > AMENDED or obligation.form.code != "monthly_report":
                accept(version, by=self.officer)
                return
            due_on = timezone.localdate(seen_at) + timedelta(days=3)
            send_back(
                version,
                by=self.officer,
                remarks=[
                    (
                        "section:teams",
                        Remark.Kind.MUST_FIX,
                        "Đề nghị ghi rõ địa điểm và số buổi của đội hình.",
                    )
                ],
                due_on=due_on,
            )
        again_at = seen_at + timedelta(days=1, hours=3)
        if again_at > self.now:
            return
        secretary = self.people[(obligation.owner_id, Role.SECRETARY)]
        with clock.at(again_at):
            draft = open_draft(obligation, by=secretary, reason="Bổ sung theo đề nghị của Ban Phong trào")
            section = draft.sections.get(form_section__code="teams")
            section.raw["f.highlights"] = (
                section.raw.get("f.highlights", "") + " Địa điểm: nhà văn hóa các xã."
            )
            section.revision += 1
            section.save(update_fields=["raw", "revision"])
            Remark.objects.filter(version=version).update(resolved_in=draft)
            second = submit(draft, by=secretary, idempotency_key=uuid.uuid4())
        with clock.at(min(self.now, again_at + timedelta(hours=20))):
            accept(second, by=self.officer)


def illustrative_photo():
    """A drawn picture that says it is an illustration."""
    image = Image.new("RGB", (1200, 800), "#1560b7")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 560, 1200, 800), fill="#14774a")
    draw.ellipse((900, 80, 1080, 260), fill="#f2b300")
    for left in range(120, 1100, 160):
        draw.ellipse((left, 400, left + 70, 470), fill="#fff3cf")
        draw.rectangle((left - 10, 470, left + 80, 640), fill="#e3eefb")
    draw.text((40, 760), "ANH MINH HOA", fill="white")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
