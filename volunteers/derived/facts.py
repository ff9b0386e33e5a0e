"""One WITH list that counts all slots: (owner, target, month, numerator, denominator, amount) in `derived`.

An activity counts for its host alone; one that was cancelled or is only planned does not count. Registers
and teams are read as they stood on the cut-off, whenever a row was typed or corrected. Flows without a row
give no line (0); stocks give a line for each unit that was alive.
"""

from volunteers.models import GROUPS

from .slots import PROVINCE

ATTENDANCES = " + ".join(
    f"CASE WHEN '{name}' = ANY(s.groups) THEN coalesce(a.{name}, 0) ELSE 0 END" for name, _ in GROUPS
)
# Whether the rows of host h are counted in slot s.
IN_SLOT = f"(h.owner = s.unit OR (s.unit IS NULL AND h.owner <> {PROVINCE} AND h.owner <> ALL(s.others)))"
ALIVE = "h.opened_on <= s.cutoff AND (h.closed_on IS NULL OR h.closed_on > s.cutoff)"
NOT_ENDED = "r.voided_at IS NULL AND (r.ended_on IS NULL OR r.ended_on > s.cutoff)"

ACTIVITIES = f"""
SELECT h.owner, s.target, s.month, NULL::bigint, NULL::bigint,
       sum(CASE s.measure WHEN 'activities' THEN 1 ELSE {ATTENDANCES} END)
  FROM slot s
  JOIN volunteers_activity_targets t ON t.target_id = s.target
  JOIN volunteers_activity a ON a.id = t.activity_id AND a.state = 'held'
                            AND a.starts_on BETWEEN s.first_day AND s.cutoff
  JOIN host h ON h.id = a.unit_id AND {IN_SLOT}
 WHERE s.measure IN ('activities', 'attendances')
 GROUP BY h.owner, s.target, s.month
"""

CAMERA_ROUTES = f"""
SELECT h.owner, s.target, s.month, NULL, NULL, count(*)
  FROM slot s
  JOIN volunteers_cameraroute r ON r.voided_at IS NULL
                               AND r.handed_over_on BETWEEN s.first_day AND s.cutoff
  JOIN host h ON h.id = r.unit_id AND {IN_SLOT}
 WHERE s.measure = 'camera_routes'
 GROUP BY h.owner, s.target, s.month
"""

OCOP_PRODUCTS = f"""
SELECT h.owner, s.target, s.month, count(r.id) FILTER (WHERE r.digitised_on <= s.cutoff), count(r.id), NULL
  FROM slot s
  JOIN host h ON {IN_SLOT} AND {ALIVE}
  LEFT JOIN volunteers_ocopproduct r
         ON r.unit_id = h.id AND {NOT_ENDED} AND r.recognised_on <= s.cutoff
        AND extract(year FROM r.recognised_on)::int = ANY(s.years)
 WHERE s.measure = 'ocop_products'
 GROUP BY h.owner, s.target, s.month
"""

ENTERPRISES = f"""
SELECT h.owner, s.target, s.month, count(r.id) FILTER (WHERE r.digitised_on <= s.cutoff), count(r.id), NULL
  FROM slot s
  JOIN host h ON {IN_SLOT} AND {ALIVE}
  LEFT JOIN volunteers_enterprise r
         ON r.unit_id = h.id AND {NOT_ENDED}
        AND CASE s.which
            WHEN 'association_member'
            THEN r.member_from <= s.cutoff AND (r.member_to IS NULL OR r.member_to > s.cutoff)
            WHEN 'youth_owned'
            THEN r.youth_owned_from <= s.cutoff AND (r.youth_owned_to IS NULL OR r.youth_owned_to > s.cutoff)
            END
 WHERE s.measure = 'enterprises'
 GROUP BY h.owner, s.target, s.month
"""

# Founded: a numbered decision dated by then; or kept up since a day before, where the kind needs no decision.
HAS_TEAM = """
EXISTS (
    SELECT 1
      FROM volunteers_team t
      JOIN volunteers_team_kinds tk ON tk.team_id = t.id
      JOIN volunteers_teamkind k ON k.id = tk.teamkind_id AND k.code = s.team_kind
      LEFT JOIN units_document d ON d.id = t.document_id
     WHERE t.unit_id = h.id
       AND (t.dissolved_on IS NULL OR t.dissolved_on > s.cutoff)
       AND ((d.number <> '' AND d.date <= s.cutoff)
            OR (t.founding = 'maintained' AND t.maintained_since <= s.cutoff AND NOT k.needs_decision))
       AND (NOT s.needs_activity OR EXISTS (
            SELECT 1
              FROM volunteers_activity_teams at
              JOIN volunteers_activity a ON a.id = at.activity_id AND a.state = 'held'
                                        AND a.starts_on BETWEEN s.first_day AND s.cutoff
             WHERE at.team_id = t.id)))
"""

ACTIVE_TEAMS = f"""
SELECT h.owner, s.target, s.month,
       CASE WHEN s.is_pair THEN max({HAS_TEAM}::int) END,
       CASE WHEN s.is_pair THEN 1 END,
       CASE WHEN NOT s.is_pair THEN max({HAS_TEAM}::int) END
  FROM slot s
  JOIN host h ON {IN_SLOT} AND {ALIVE}
             AND (s.level IS NULL OR h.kind = s.level OR (s.level = 'province' AND h.owner = {PROVINCE}))
 WHERE s.measure = 'active_team'
 GROUP BY h.owner, s.target, s.month, s.is_pair
"""

# Takes the parameter `slots` (slots_json) and ends in the relation `derived`.
DERIVED_FACTS = f"""
slot AS MATERIALIZED (
    SELECT *
      FROM jsonb_to_recordset(%(slots)s::jsonb) AS s(
           target bigint, unit bigint, others bigint[], month text, first_day date, cutoff date,
           measure text, is_pair boolean, level text, team_kind text, needs_activity boolean,
           groups text[], years int[], which text)
),
host AS MATERIALIZED (
    SELECT u.id, u.opened_on, u.closed_on, k.code AS kind,
           CASE WHEN k.code IN ('province', 'department') THEN {PROVINCE} ELSE u.id END AS owner
      FROM units_unit u
      JOIN units_unitkind k ON k.id = u.kind_id
),
derived (owner, target, month, numerator, denominator, amount) AS (
    {" UNION ALL ".join((ACTIVITIES, CAMERA_ROUTES, OCOP_PRODUCTS, ENTERPRISES, ACTIVE_TEAMS))}
)
"""
