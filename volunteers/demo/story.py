"""The whole story in one call, once: a second call finds it told."""

from datetime import date

from ..consents import text_in_force
from ..models import Activity, Team
from .activities import Activities
from .registers import Registers
from .stage import Stage
from .teams import Teams


def tell_story(plan, *, seed, until, live, photo):
    """(teams, activities, rows of registers) made up to the moment `until`.

    `live`: also what stands around that very moment, plans of assigned activities that wait. `photo`: bytes
    of a picture that says it is an illustration.
    """
    told = Team.objects.exists() or Activity.objects.exists()
    # People are written down only under words that were in force: before the first ones there is no story.
    if told or text_in_force("roster", on=date(plan.year, 1, 3)) is None:
        return 0, 0, 0
    stage = Stage(plan, seed=seed, until=until)
    teams = Teams(stage)
    teams.found_all()
    activities = Activities(stage, teams, photo)
    activities.play_year()
    activities.play_late_plan()
    if live:
        activities.play_coming_plans()
    registers = Registers(stage)
    registers.write_all()
    return Team.objects.count(), activities.made, registers.made
