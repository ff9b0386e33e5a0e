"""One WITH list that counts all slots: (owner, target, month, numerator, denominator, amount) in `derived`.

An activity counts for its host alone; one that was cancelled or is only planned does not count. Registers
and teams are read as they stood on the cut-off, whenever a row was typed or corrected. Flows without a row
give no line (0); stocks give a line for each unit that was alive. Owner 0 is PROVINCE.
"""

# Takes the parameter `slots` (slots_json) and ends in the relation `derived`.
DERIVED_FACTS = """
slot AS MATERIALIZED (
    SELECT *
      FROM jsonb_to_recordset(%(slots)s::jsonb) AS s(
           target bigint, unit bigint, others bigint[], month text, first_day date, cutoff date,
           measure text, is_pair boolean, level text, team_kind text, needs_activity boolean,
           groups text[], years int[], which text)
),
host AS MATERIALIZED (
    SELECT u.id, u.opened_on, u.closed_on, k.code AS kind,
           CASE WHEN k.code IN ('province', 'department') THEN 0 ELSE u.id END AS owner
      FROM units_unit u
      JOIN units_unitkind k ON k.id = u.kind_id
),
happened AS (
    SELECT h.owner, s.target, s.month,
           CASE s.measure
           WHEN 'activities' THEN 1
           ELSE CASE WHEN 'member_youth' = ANY(s.groups) THEN coalesce(a.member_youth, 0) ELSE 0 END
              + CASE WHEN 'pupils' = ANY(s.groups) THEN coalesce(a.pupils, 0) ELSE 0 END
              + CASE WHEN 'young_entrepreneurs' = ANY(s.groups)
                     THEN coalesce(a.young_entrepreneurs, 0) ELSE 0 END
              + CASE WHEN 'residents' = ANY(s.groups) THEN coalesce(a.residents, 0) ELSE 0 END
              + CASE WHEN 'enterprises' = ANY(s.groups) THEN coalesce(a.enterprises, 0) ELSE 0 END
           END AS amount
      FROM slot s
      JOIN volunteers_activity_targets t ON t.target_id = s.target
      JOIN volunteers_activity a ON a.id = t.activity_id AND a.state = 'held'
                                AND a.starts_on BETWEEN s.first_day AND s.cutoff
      JOIN host h ON h.id = a.unit_id
     WHERE s.measure IN ('activities', 'attendances')
       AND (h.owner = s.unit OR (s.unit IS NULL AND h.owner <> 0 AND h.owner <> ALL(s.others)))
    UNION ALL
    SELECT h.owner, s.target, s.month, 1
      FROM slot s
      JOIN volunteers_cameraroute r ON r.voided_at IS NULL
                                   AND r.handed_over_on BETWEEN s.first_day AND s.cutoff
      JOIN host h ON h.id = r.unit_id
     WHERE s.measure = 'camera_routes'
       AND (h.owner = s.unit OR (s.unit IS NULL AND h.owner <> 0 AND h.owner <> ALL(s.others)))
),
-- Each slot of what stands on a day, with every unit that was alive then.
seat AS (
    SELECT s.*, h.id AS host, h.owner, h.kind
      FROM slot s
      JOIN host h ON (h.owner = s.unit OR (s.unit IS NULL AND h.owner <> 0 AND h.owner <> ALL(s.others)))
                 AND h.opened_on <= s.cutoff AND (h.closed_on IS NULL OR h.closed_on > s.cutoff)
     WHERE s.measure IN ('ocop_products', 'enterprises', 'active_team')
),
registered AS (
    SELECT s.owner, s.target, s.month, r.id, r.digitised_on <= s.cutoff AS digitised
      FROM seat s
      LEFT JOIN volunteers_ocopproduct r
             ON r.unit_id = s.host AND r.voided_at IS NULL AND (r.ended_on IS NULL OR r.ended_on > s.cutoff)
            AND r.recognised_on <= s.cutoff AND extract(year FROM r.recognised_on)::int = ANY(s.years)
     WHERE s.measure = 'ocop_products'
    UNION ALL
    SELECT s.owner, s.target, s.month, r.id, r.digitised_on <= s.cutoff
      FROM seat s
      LEFT JOIN volunteers_enterprise r
             ON r.unit_id = s.host AND r.voided_at IS NULL AND (r.ended_on IS NULL OR r.ended_on > s.cutoff)
            AND CASE s.which
                WHEN 'association_member'
                THEN r.member_from <= s.cutoff AND (r.member_to IS NULL OR r.member_to > s.cutoff)
                WHEN 'youth_owned'
                THEN r.youth_owned_from <= s.cutoff
                     AND (r.youth_owned_to IS NULL OR r.youth_owned_to > s.cutoff)
                END
     WHERE s.measure = 'enterprises'
),
-- Founded by a numbered decision dated by then, or kept up since a day before where the kind needs none.
teamed AS (
    SELECT s.owner, s.target, s.month, s.is_pair,
           EXISTS (
               SELECT 1
                 FROM volunteers_team t
                 JOIN volunteers_team_kinds tk ON tk.team_id = t.id
                 JOIN volunteers_teamkind k ON k.id = tk.teamkind_id AND k.code = s.team_kind
                 LEFT JOIN units_document d ON d.id = t.document_id
                WHERE t.unit_id = s.host
                  AND (t.dissolved_on IS NULL OR t.dissolved_on > s.cutoff)
                  AND ((d.number <> '' AND d.date <= s.cutoff)
                       OR (t.founding = 'maintained' AND t.maintained_since <= s.cutoff
                           AND NOT k.needs_decision))
                  AND (NOT s.needs_activity OR EXISTS (
                       SELECT 1
                         FROM volunteers_activity_teams at
                         JOIN volunteers_activity a ON a.id = at.activity_id AND a.state = 'held'
                                                   AND a.starts_on BETWEEN s.first_day AND s.cutoff
                        WHERE at.team_id = t.id))
           )::int AS active
      FROM seat s
     WHERE s.measure = 'active_team'
       AND (s.level IS NULL OR s.kind = s.level OR (s.level = 'province' AND s.owner = 0))
),
derived (owner, target, month, numerator, denominator, amount) AS (
    SELECT owner, target, month, NULL::bigint, NULL::bigint, sum(amount)::numeric
      FROM happened
     GROUP BY owner, target, month
    UNION ALL
    SELECT owner, target, month, count(id) FILTER (WHERE digitised), count(id), NULL
      FROM registered
     GROUP BY owner, target, month
    UNION ALL
    SELECT owner, target, month,
           CASE WHEN is_pair THEN max(active) END,
           CASE WHEN is_pair THEN 1 END,
           CASE WHEN NOT is_pair THEN max(active) END
      FROM teamed
     GROUP BY owner, target, month, is_pair
)
"""
