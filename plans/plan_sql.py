"""The set-based statements of the ledger; plans.notices and plans.delivery say when they run.

All business time comes in as parameters. Only leases are measured by the database's own clock: they guard
against workers of now, also while somebody plans for another moment.
"""

from .recipients import REACHED

PARTS = {
    "reached": REACHED,
    "waiting": "notice.sent_at IS NULL AND notice.superseded_by_id IS NULL AND notice.cancelled_at IS NULL",
    # A killed worker's claim is free again when its lease has ended: claiming it is the sweeping.
    "free": "(notice.leased_until IS NULL OR notice.leased_until <= clock_timestamp())",
    # Open at the moment asked for: who plans for last Tuesday sees what was open last Tuesday.
    "open": """(obligation.first_fulfilled_at IS NULL OR obligation.first_fulfilled_at > %(now)s)
        AND (obligation.waived_at IS NULL OR obligation.waived_at > %(now)s)""",
    "due_on": "(obligation.due_at AT TIME ZONE %(zone)s)::date",
    "is_reminder": "IN (SELECT code FROM plans_stage)",
    "reasons": """JOIN units_user person ON person.id = notice.recipient_id
    LEFT JOIN plans_obligation obligation ON obligation.id = notice.obligation_id
    LEFT JOIN plans_stage stage ON stage.code = notice.stage""",
}
# Handed in, waived, reviewed or extended in the meantime, or the person's account was closed.
PARTS["moot"] = """(
    NOT person.is_active
    OR (stage.code IS NOT NULL AND NOT ({open}))
    OR (notice.stage = %(slow_review_stage)s
        AND (obligation.accepted_at IS NOT NULL OR obligation.sent_back_at IS NOT NULL))
    OR (stage.basis = 'due' AND obligation.extended_to IS NOT NULL
        AND notice.slot_on NOT BETWEEN
            {due_on} + stage.offset_days - CASE WHEN stage.last_working_day THEN %(break_days)s ELSE 0 END
            AND {due_on} + stage.offset_days)
)""".format_map(PARTS)


def statement(text):
    """The statement with the parts above filled in; values always travel as parameters."""
    return text.format_map(PARTS)


# Obligations a stage may reach in the window, each stage's day, the latest stage a person, one row a channel.
# On one day the printed date wins, then the later stage. A correction is reminded from the day after it was
# asked for, since the asking itself was a message.
FIND_DUE = statement("""
WITH reach_of_stages AS (
    SELECT min(offset_days) AS earliest, max(offset_days) AS latest FROM plans_stage
),
candidates AS (
    SELECT obligation.id, obligation.owner_id, obligation.kind, obligation.title, obligation.printed_on,
           {due_on} AS due_on, (parent.sent_back_at AT TIME ZONE %(zone)s)::date AS asked_on
    FROM plans_obligation obligation
    CROSS JOIN reach_of_stages
    JOIN plans_plan plan ON plan.id = obligation.plan_id AND plan.state <> 'closed'
    LEFT JOIN plans_obligation parent ON parent.id = obligation.parent_id
    WHERE {open}
      AND (
        obligation.printed_on BETWEEN %(since)s AND %(last_slot)s
        OR {due_on} BETWEEN %(since)s - reach_of_stages.latest
            AND %(last_slot)s - reach_of_stages.earliest + %(break_days)s
      )
),
owners AS (SELECT DISTINCT owner_id AS unit_id FROM candidates),
{reached},
slots AS (
    SELECT candidates.id, candidates.owner_id, candidates.title, stage.code, stage.audience, stage.basis,
           stage.display_order, moved.slot_on
    FROM candidates
    CROSS JOIN plans_stage stage
    CROSS JOIN LATERAL (
        SELECT CASE stage.basis WHEN 'printed' THEN candidates.printed_on ELSE candidates.due_on END
               + stage.offset_days AS day
    ) named
    CROSS JOIN LATERAL (
        SELECT CASE WHEN stage.last_working_day THEN (
            SELECT max(back.day)::date
            FROM generate_series(named.day - %(break_days)s, named.day, '1 day') AS back(day)
            WHERE NOT back.day::date = ANY(%(days_off)s::date[])
        ) ELSE named.day END AS slot_on
    ) moved
    WHERE moved.slot_on BETWEEN %(since)s AND %(last_slot)s
      AND (
        candidates.kind <> 'correction'
        OR (stage.basis = 'due' AND stage.offset_days >= -1 AND moved.slot_on > candidates.asked_on)
      )
),
latest AS (
    SELECT DISTINCT ON (slots.id, reached.user_id)
           slots.id, slots.title, slots.code, slots.slot_on, reached.user_id
    FROM slots
    JOIN reached ON reached.unit_id = slots.owner_id AND reached.audience = slots.audience
    ORDER BY slots.id, reached.user_id, slots.slot_on DESC, slots.basis = 'printed' DESC,
             slots.display_order DESC
)
INSERT INTO plans_notice (
    obligation_id, subject_key, stage, slot_on, recipient_id, channel, planned_for, title, text, url,
    attempts, error
)
SELECT latest.id, 'obligation:' || latest.id, latest.code, latest.slot_on, latest.user_id, channel.code,
       GREATEST((latest.slot_on + %(opens)s::time) AT TIME ZONE %(zone)s, %(not_before)s::timestamptz),
       latest.title, '', '', 0, ''
FROM latest
CROSS JOIN unnest(%(channels)s) AS channel(code)
WHERE NOT EXISTS (
    SELECT FROM plans_notice earlier
    WHERE earlier.obligation_id = latest.id AND earlier.recipient_id = latest.user_id
      AND earlier.channel = channel.code AND earlier.slot_on >= latest.slot_on
      AND earlier.cancelled_at IS NULL AND earlier.stage {is_reminder}
)
ON CONFLICT DO NOTHING
""")

# A report that waits longer than the working days it may: a line in the inbox of the officers in charge.
FIND_SLOW_REVIEWS = statement("""
WITH waiting AS (
    SELECT obligation.id, obligation.owner_id, obligation.title, slow.day AS slot_on
    FROM plans_obligation obligation
    CROSS JOIN LATERAL (
        SELECT (obligation.last_fulfilled_at AT TIME ZONE %(zone)s)::date AS day
    ) sent
    CROSS JOIN LATERAL (
        SELECT step.day::date AS day
        FROM generate_series(
            sent.day + 1, sent.day + %(slow_review_days)s + 2 * %(break_days)s, '1 day'
        ) AS step(day)
        WHERE NOT step.day::date = ANY(%(days_off)s::date[])
        ORDER BY step.day OFFSET %(slow_review_days)s LIMIT 1
    ) slow
    WHERE obligation.kind = 'plan' AND obligation.accepted_at IS NULL AND obligation.sent_back_at IS NULL
      AND obligation.waived_at IS NULL
      AND sent.day BETWEEN %(since)s - 2 * %(break_days)s AND %(last_slot)s
      AND slow.day BETWEEN %(since)s AND %(last_slot)s
),
owners AS (SELECT DISTINCT owner_id AS unit_id FROM waiting),
{reached}
INSERT INTO plans_notice (
    obligation_id, subject_key, stage, slot_on, recipient_id, channel, planned_for, title, text, url,
    attempts, error
)
SELECT waiting.id, 'obligation:' || waiting.id, %(slow_review_stage)s, waiting.slot_on, reached.user_id,
       'inbox',
       GREATEST((waiting.slot_on + %(opens)s::time) AT TIME ZONE %(zone)s, %(not_before)s::timestamptz),
       waiting.title, '', '', 0, ''
FROM waiting
JOIN reached ON reached.unit_id = waiting.owner_id AND reached.audience = 'officer'
ON CONFLICT DO NOTHING
""")

CANCEL_MOOT = statement("""
UPDATE plans_notice SET cancelled_at = %(now)s
FROM (
    SELECT notice.id FROM plans_notice notice
    {reasons}
    WHERE {waiting} AND {free} AND {moot}
    FOR UPDATE OF notice SKIP LOCKED
) lost
WHERE lost.id = plans_notice.id
""")

# What still waits when a later stage of the same obligation is there for the same person and channel.
SUPERSEDE_OLDER = statement("""
UPDATE plans_notice SET superseded_by_id = replaced.newer_id
FROM (
    SELECT notice.id, newer.id AS newer_id
    FROM plans_notice notice
    CROSS JOIN LATERAL (
        SELECT later.id FROM plans_notice later
        WHERE later.obligation_id = notice.obligation_id AND later.recipient_id = notice.recipient_id
          AND later.channel = notice.channel AND later.slot_on > notice.slot_on
          AND later.cancelled_at IS NULL AND later.stage {is_reminder}
        ORDER BY later.slot_on DESC LIMIT 1
    ) newer
    WHERE {waiting} AND {free} AND notice.stage {is_reminder}
    FOR UPDATE OF notice SKIP LOCKED
) replaced
WHERE replaced.id = plans_notice.id
""")

# People for whom something waits, longest waiting first; the lock lasts as long as the claim's transaction.
CLAIM_PEOPLE = statement("""
SELECT person.id FROM units_user person
JOIN (
    SELECT notice.recipient_id, min(notice.planned_for) AS since
    FROM plans_notice notice
    WHERE {waiting} AND {free} AND notice.planned_for <= %(now)s AND notice.attempts < %(max_attempts)s
      AND notice.channel = ANY(%(channels)s)
    GROUP BY notice.recipient_id
) line ON line.recipient_id = person.id
ORDER BY line.since, person.id
LIMIT %(batch)s
FOR NO KEY UPDATE OF person SKIP LOCKED
""")

# The inbox has its message with the claim; mail gets a lease, and its attempt is counted before it is made:
# a mail that kills its worker is given up in the end.
MARK_CLAIMED = statement("""
UPDATE plans_notice notice
SET message_id = given.message_id, title = given.title, text = given.text, url = given.url,
    leased_until = CASE notice.channel WHEN 'email' THEN %(leased_until)s END,
    sent_at = CASE notice.channel WHEN 'inbox' THEN %(now)s END,
    attempts = notice.attempts + CASE notice.channel WHEN 'email' THEN 1 ELSE 0 END
FROM unnest(
    %(ids)s::bigint[], %(message_ids)s::bigint[], %(titles)s::text[], %(texts)s::text[], %(urls)s::text[]
) AS given(id, message_id, title, text, url)
WHERE given.id = notice.id
""")

# One statement, so that no hand-in fits between the question and the answer: what is moot is cancelled, the
# lease of the rest prolonged. Another worker's claim has another end of its lease and is left alone.
RENEW = statement("""
WITH ours AS (
    SELECT notice.id, {moot} IS TRUE AS moot
    FROM plans_notice notice
    {reasons}
    WHERE notice.message_id = %(message_id)s AND notice.leased_until = %(held_until)s AND {waiting}
    FOR UPDATE OF notice
)
UPDATE plans_notice
SET cancelled_at = CASE WHEN ours.moot THEN %(now)s END,
    leased_until = CASE WHEN NOT ours.moot THEN statement_timestamp() + %(lease)s END
FROM ours WHERE ours.id = plans_notice.id
RETURNING plans_notice.id, plans_notice.leased_until
""")

# The server has said yes: it was sent, whoever holds the lease by now.
MARK_SENT = statement("""
WITH told AS (
    UPDATE plans_notice notice SET sent_at = %(now)s, leased_until = NULL, error = ''
    WHERE notice.message_id = %(message_id)s AND {waiting}
)
UPDATE plans_message SET sent_at = %(now)s WHERE id = %(message_id)s
""")

# Notices and, for the inbox, their messages at once: message ids are drawn first, so one statement does it.
TELL = statement("""
WITH told AS (
    INSERT INTO plans_notice (
        obligation_id, subject_key, stage, slot_on, recipient_id, channel, planned_for, title, text, url,
        message_id, sent_at, attempts, error
    )
    SELECT %(obligation)s::bigint, %(subject_key)s, %(stage)s, %(slot_on)s, person.id, channel.code,
           CASE channel.code WHEN 'inbox' THEN %(now)s ELSE %(mail_at)s END, %(title)s, %(text)s, %(url)s,
           CASE channel.code WHEN 'inbox' THEN nextval(pg_get_serial_sequence('plans_message', 'id')) END,
           CASE channel.code WHEN 'inbox' THEN %(now)s END, 0, ''
    FROM units_user person
    CROSS JOIN unnest(%(channels)s) AS channel(code)
    WHERE person.is_active AND person.id = ANY(%(people)s)
    ON CONFLICT DO NOTHING
    RETURNING recipient_id, channel, message_id
),
posted AS (
    INSERT INTO plans_message (
        id, recipient_id, channel, slot_on, subject, body, url, message_id, created_at, sent_at
    )
    SELECT told.message_id, told.recipient_id, 'inbox', %(slot_on)s, %(title)s, %(text)s, %(url)s,
           '<' || gen_random_uuid() || '@' || %(domain)s || '>', %(now)s, %(now)s
    FROM told WHERE told.channel = 'inbox'
)
SELECT count(*) FROM told
""")
