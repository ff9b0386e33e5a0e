"""What the demo's story needs: who acts for which unit, one seeded chance, and the moment it has come to."""

import random
from contextlib import contextmanager
from datetime import datetime, time

from django.utils import timezone

from doanportal import clock
from units.letterhead import PROVINCE_KIND
from units.models import LEAD_DEPARTMENT, Post, Role, Unit

# In display order, districts first: a demo with hundreds of units tells its story with these.
MOST_UNITS = 30


class Stage:
    """`until`: what lies after it has not happened yet."""

    def __init__(self, plan, *, seed, until):
        self.plan, self.until = plan, until
        self.year = plan.year
        self.chance = random.Random(f"volunteers {seed}")  # noqa: S311 - illustrative data, no secret
        self.units = list(
            Unit.objects.reporting()
            .select_related("kind")
            .order_by("-kind__territorial", "display_order", "pk")[:MOST_UNITS]
        )
        self.districts = [unit for unit in self.units if unit.kind.code == "district"]
        self.by_code = {unit.code: unit for unit in self.units}
        self.province = Unit.objects.select_related("kind").get(kind__code=PROVINCE_KIND, parent=None)
        self.posts = {(post.unit_id, post.role): post for post in Post.objects.select_related("user", "unit")}
        lead = Unit.objects.get(code=LEAD_DEPARTMENT)
        self.officer = self.posts[lead.pk, Role.OFFICER].user

    def responsible(self, unit, role=Role.SECRETARY):
        """The post in charge of the unit's teams; for the province's one its Thường trực."""
        return self.posts[unit.pk, Role.LEADER if unit == self.province else role]

    def secretary(self, unit):
        return self.officer if unit == self.province else self.posts[unit.pk, Role.SECRETARY].user

    def editor(self, unit):
        return self.officer if unit == self.province else self.posts[unit.pk, Role.EDITOR].user

    @contextmanager
    def on(self, day, hour=9, minute=0):
        """The clock at that moment of that day."""
        with clock.at(moment(day, hour, minute)):
            yield

    def has_come(self, day, hour=9, minute=0):
        return moment(day, hour, minute) < self.until


def moment(day, hour=9, minute=0):
    return datetime.combine(day, time(hour, minute), tzinfo=timezone.get_default_timezone())
