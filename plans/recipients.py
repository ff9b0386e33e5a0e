"""Who is told about the work of a unit: the posts in force that day, with stand-ins for vacant ones.

A vacant secretary's notices go to the deputy, else to the officer in charge (design.md §3.12). The same SQL
serves the fan-out of a whole province and the question about one unit.
"""

from units.models import User
from units.models.people import LEAD_DEPARTMENT

# Wants a CTE `owners(unit_id)` before it and the parameters of `recipient_parameters`; gives
# `reached(audience, unit_id, user_id)`, one row a person.
REACHED = """
posts AS (
    SELECT post.unit_id, post.role, post.user_id
    FROM units_post post JOIN units_user person ON person.id = post.user_id AND person.is_active
    WHERE post.valid_from <= %(today)s AND (post.valid_to IS NULL OR post.valid_to > %(today)s)
),
in_charge AS (
    SELECT owners.unit_id, supervision.department_id
    FROM owners JOIN units_supervision supervision ON supervision.unit_id = owners.unit_id
    WHERE supervision.valid_from <= %(today)s
      AND (supervision.valid_to IS NULL OR supervision.valid_to > %(today)s)
    UNION
    SELECT owners.unit_id, supervision.department_id
    FROM owners
    JOIN units_clustermembership member ON member.unit_id = owners.unit_id
     AND member.valid_from <= %(today)s AND (member.valid_to IS NULL OR member.valid_to > %(today)s)
    JOIN units_supervision supervision ON supervision.cluster_id = member.cluster_id
    WHERE supervision.valid_from <= %(today)s
      AND (supervision.valid_to IS NULL OR supervision.valid_to > %(today)s)
),
named_officers AS (
    SELECT in_charge.unit_id, posts.user_id
    FROM in_charge JOIN posts ON posts.unit_id = in_charge.department_id AND posts.role = 'officer'
),
officers AS (
    SELECT unit_id, user_id FROM named_officers
    UNION
    SELECT owners.unit_id, posts.user_id
    FROM owners
    CROSS JOIN posts
    JOIN units_unit department ON department.id = posts.unit_id AND department.code = %(lead_department)s
    WHERE posts.role = 'officer'
      AND NOT EXISTS (SELECT FROM named_officers named WHERE named.unit_id = owners.unit_id)
),
ranked AS (
    SELECT owners.unit_id, posts.user_id,
           array_position(ARRAY['secretary', 'deputy', 'officer'], posts.role::text) AS rank
    FROM owners JOIN posts ON posts.unit_id = owners.unit_id
    WHERE posts.role IN ('secretary', 'deputy', 'officer')
    UNION ALL
    SELECT unit_id, user_id, 4 FROM officers
),
contacts AS (
    SELECT DISTINCT ranked.unit_id, ranked.user_id
    FROM ranked
    JOIN (SELECT unit_id, min(rank) AS rank FROM ranked GROUP BY unit_id) first
      ON first.unit_id = ranked.unit_id AND first.rank = ranked.rank
),
reached AS (
    SELECT 'secretary' AS audience, unit_id, user_id FROM contacts
    UNION
    SELECT 'deputy', unit_id, user_id FROM contacts
    UNION
    SELECT 'deputy', owners.unit_id, posts.user_id
    FROM owners JOIN posts ON posts.unit_id = owners.unit_id AND posts.role = 'deputy'
    UNION
    SELECT 'officer', unit_id, user_id FROM officers
    UNION
    SELECT 'leader', owners.unit_id, posts.user_id FROM owners JOIN posts ON posts.role = 'leader'
)
"""

PEOPLE_FOR = """
WITH owners AS (SELECT %(unit)s::bigint AS unit_id),
{reached}
SELECT person.* FROM units_user person JOIN reached ON reached.user_id = person.id
WHERE reached.audience = %(audience)s ORDER BY person.id
"""


def recipient_parameters(today):
    return {"today": today, "lead_department": LEAD_DEPARTMENT}


def people_for(unit, audience, *, on):
    """[User] whom `audience` (a Stage.Audience) means for `unit` on the day `on`; stand-ins included."""
    parameters = {"unit": unit.pk, "audience": str(audience), **recipient_parameters(on)}
    return list(User.objects.raw(PEOPLE_FOR.format(reached=REACHED), parameters))
