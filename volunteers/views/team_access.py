"""What every page of a team begins with: the team this person may see, and who may act on it."""

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404

from doanportal import clock

from ..models import Team
from ..policy import can_manage_team
from ..queries_teams import with_facts

METHODS = ["GET", "HEAD", "POST"]
TEMPLATES = "volunteers/teams"


def team_or_404(user, team_id):
    """The team with its facts; a foreign or absent one is 404."""
    return get_object_or_404(with_facts(Team.objects.visible_to(user), day=clock.today()), pk=team_id)


def managed_team(user, team_id):
    """The same for who keeps it; for the others 403 with the reason."""
    team = team_or_404(user, team_id)
    require(can_manage_team(user, team))
    return team


def require(decision):
    if not decision.allowed:
        raise PermissionDenied(decision.reason)


def with_names(unit):
    """The unit with its dated names loaded: papers and numbers need them."""
    prefetch_related_objects([unit], "names")
    return unit


def tell(form, error):
    """Put a rule's words at the field they are about, else above the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def status_of(form):
    return 422 if form.is_bound and form.errors else 200
