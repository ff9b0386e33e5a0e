"""Activities of the demo: the launch on 18/3, some each month, the province's own, plans of assigned ones."""

import uuid
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from plans.models import ContentItem, Target
from units.models import Sector

from ..activities import COUNTED, Details, create_activity, record_result
from ..activity_plans import answer_plan, send_plan
from ..counting import Tap, count_taps, counts_of
from ..models import ActivityKind, ActivityPlan
from ..photos import add_photo
from .texts import BUSINESS, CENTRE, LAUNCH, MARK, PEAK_DAY, PLAN_TEXT, PROGRAMMES, UNIT_SCRIPTS

FIRST_MONTH, LAST_MONTH = 3, 12
MONTHLY = (1, 1, 2, 2, 3)
PLAYED = "692"  # Lộc Ninh: enough in August that its report finds something
JOINT = ("690", "694")  # Bình Long hosts, Hớn Quản takes part
PLANNED_AHEAD = timedelta(days=5)


@dataclass
class Event:
    """One activity as it will go: when, who with."""

    unit: object
    script: object
    day: date
    joint: tuple = ()
    assigned: bool = False


class Activities:
    def __init__(self, stage, teams, photo):
        self.stage, self.teams, self.photo = stage, teams, photo
        self.kinds = {kind.code: kind for kind in ActivityKind.objects.all()}
        self.contents = dict(ContentItem.objects.filter(plan=stage.plan).values_list("code", "pk"))
        self.sectors = dict(Sector.objects.values_list("code", "pk"))
        self.targets = dict(Target.objects.filter(plan=stage.plan).values_list("code", "pk"))
        self.made = 0

    def play_year(self):
        """What took place up to the stage's moment, and what is planned a few days ahead."""
        stage, chance = self.stage, self.stage.chance
        for unit in stage.units:
            self.play(Event(unit, LAUNCH, date(stage.year, 3, 18)))
            for month in range(FIRST_MONTH, LAST_MONTH + 1):
                for day in self.days_of(month):
                    self.play(Event(unit, chance.choice(UNIT_SCRIPTS), day))
        if (played := stage.by_code.get(PLAYED)) is not None:
            for script, day in zip(UNIT_SCRIPTS, self.played_days(), strict=False):
                self.play(Event(played, script, day))
        host, guest = (stage.by_code.get(code) for code in JOINT)
        if host and guest:
            self.play(Event(host, UNIT_SCRIPTS[4], date(stage.year, 6, 17), joint=(guest.pk,)))
        self.play_province()

    def days_of(self, month):
        """Some days of the month; drawn even when they lie ahead, so that one seed gives one story."""
        chance = self.stage.chance
        return [date(self.stage.year, month, chance.randint(1, 28)) for _ in range(chance.choice(MONTHLY))]

    def played_days(self):
        year = self.stage.year
        return [date(year, 7, 29), date(year, 8, 5), date(year, 8, 12), date(year, 8, 19)]

    def play_province(self):
        stage, chance = self.stage, self.stage.chance
        province = stage.province
        self.play(Event(province, BUSINESS, date(stage.year, 5, 12)))
        for script, month in zip(PROGRAMMES, (4, 7), strict=True):
            self.play(Event(province, script, date(stage.year, month, chance.randint(8, 20))))
        for month in range(FIRST_MONTH, LAST_MONTH + 1):
            self.play(Event(province, CENTRE, date(stage.year, month, chance.randint(6, 22))))

    def play(self, event):
        """Plan it some days before and write down its result in the evening, as far as time has come."""
        numbers = self.draw(event.script)
        planned_on = event.day - PLANNED_AHEAD
        if not self.stage.has_come(planned_on):
            return None
        with self.stage.on(planned_on):
            activity = self.create(event, place=numbers["place"], hour=numbers["hour"])
        if self.stage.has_come(event.day, 17):
            with self.stage.on(event.day, 16, 30):
                self.hold(activity, event, numbers)
        return activity

    def draw(self, script):
        chance = self.stage.chance
        groups = {name: chance.randint(*limits) for name, limits in script.groups.items()}
        return groups | {
            "volunteers": chance.randint(5, 24),
            "place": chance.choice(script.places),
            "hour": chance.choice((7, 8, 14)),
        }

    def create(self, event, *, place="", hour=8):
        script = event.script
        teams = self.teams.of.get(event.unit.pk, {})
        kind = self.kinds[script.kind]
        details = Details(
            kind_id=kind.pk,
            title=script.title,
            place=place or self.stage.chance.choice(script.places),
            starts_time=time(hour, 30),
            content_id=self.contents.get(script.content),
            sector_id=self.sectors.get(script.sector),
            assigned=event.assigned,
            targets=[self.targets[code] for code in kind.usual_targets if code in self.targets],
            teams=[teams[code].pk for code in script.teams if code in teams][:1],
            joint=list(event.joint),
        )
        self.made += 1
        return create_activity(
            unit=event.unit, starts_on=event.day, details=details, by=self.stage.editor(event.unit)
        )

    def hold(self, activity, event, numbers):
        """How it went; the launch was counted on phones and has a photo."""
        by = self.stage.editor(event.unit)
        seen = dict.fromkeys(COUNTED)
        if event.script is LAUNCH:
            activity = count_taps(activity, self.taps(numbers), by=by)
            seen = counts_of(activity)
            photo = SimpleUploadedFile("anh-minh-hoa.jpg", self.photo, "image/jpeg")
            add_photo(activity, photo, by=by, caption="Ảnh minh họa")
        result = {name: numbers.get(name) for name in COUNTED} | {
            "volunteers": numbers["volunteers"],
            "result": event.script.result + MARK,
            "value": event.script.value or None,
            "cost": event.script.value // 2 or None,
        }
        record_result(activity, result=result, seen=seen, revision=activity.revision, by=by)

    def taps(self, numbers):
        """Presses of 10 and of 1 that add up to the numbers."""
        found = []
        for group in COUNTED:
            number = numbers.get(group, 0)
            for delta in [10] * (number // 10) + [1] * (number % 10):
                key = uuid.UUID(int=self.stage.chance.getrandbits(128), version=4)
                found.append(Tap(key, group, delta))
        return found

    # Assigned activities and their plans (D6)

    def play_late_plan(self):
        """One that was sent six days before instead of ten, with its reason, and answered."""
        unit, day = self.stage.by_code.get("694"), date(self.stage.year, 7, 22)
        if unit is None or not self.stage.has_come(day, 17):
            return
        event = Event(unit, PEAK_DAY, day, assigned=True)
        with self.stage.on(day - timedelta(days=15)):
            activity = self.create(event)
        with self.stage.on(day - timedelta(days=6), 10):
            plan = send_plan(
                activity,
                text=PLAN_TEXT,
                by=self.stage.secretary(unit),
                late_reason="Chờ thống nhất địa điểm với UBND các xã (minh họa).",
            )
        with self.stage.on(day - timedelta(days=5), 9):
            self.answer(plan, ActivityPlan.Answer.NOTED, "")
        with self.stage.on(day, 16, 30):
            activity.refresh_from_db()
            self.hold(activity, event, self.draw(PEAK_DAY))

    def play_coming_plans(self):
        """Around the moment itself: one not sent yet, one waiting for an answer, one with comments."""
        today = timezone.localdate(self.stage.until)
        for code, ahead, sent, answer in (
            (PLAYED, 12, None, ""),
            ("690", 17, 2, ""),
            ("695", 20, 3, "Đề nghị bổ sung phương án khi trời mưa và số điện thoại trực (minh họa)."),
        ):
            unit, day = self.stage.by_code.get(code), today + timedelta(days=ahead)
            if unit is None or day.year != self.stage.year:
                continue
            with self.stage.on(today - timedelta(days=4)):
                activity = self.create(Event(unit, PEAK_DAY, day, assigned=True))
            if sent is None:
                continue
            with self.stage.on(today - timedelta(days=sent), 10):
                plan = send_plan(activity, text=PLAN_TEXT, by=self.stage.secretary(unit))
            if answer:
                with self.stage.on(today - timedelta(days=1), 15):
                    self.answer(plan, ActivityPlan.Answer.COMMENTS, answer)

    def answer(self, plan, answer, text):
        answer_plan(plan, answer=answer, text=text, by=self.stage.officer)
