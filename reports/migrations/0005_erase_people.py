"""A person may be erased from lists that were handed in: one function, one shape of change, always recorded."""

from django.db import migrations

FORWARD = r"""
-- A list of people with those of `who` blanked. `who`: array of «name, unit separator, birth year», exact.
-- Order, number of rows and the proposed role stay: counts are no personal data.
CREATE FUNCTION reports_blank_people(list jsonb, who jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_agg(
        CASE WHEN who ? concat(entry ->> 'full_name', chr(31), entry ->> 'birth_year')
             THEN jsonb_strip_nulls(jsonb_build_object(
                      'full_name', '(đã xóa thông tin)', 'proposed_role', entry -> 'proposed_role'))
             ELSE entry END
        ORDER BY place), '[]'::jsonb)
    FROM jsonb_array_elements(list) WITH ORDINALITY AS line(entry, place)
$$;

-- The same for what was typed: f.<key>.<row>.<column>.
CREATE FUNCTION reports_blank_typed_people(raw jsonb, who jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    WITH cells AS (
        SELECT name, text, substring(name from '^(f\..+\.[0-9]+)\.[a-z_]+$') AS line
        FROM jsonb_each_text(raw) AS cell(name, text)
    ),
    lines AS (
        SELECT line FROM cells WHERE line IS NOT NULL GROUP BY line
        HAVING who ? concat(max(text) FILTER (WHERE name = line || '.full_name'), chr(31),
                            max(text) FILTER (WHERE name = line || '.birth_year'))
    )
    SELECT coalesce(jsonb_object_agg(
        name, CASE WHEN line IN (SELECT lines.line FROM lines) AND name = line || '.full_name'
                   THEN to_jsonb('(đã xóa thông tin)'::text) ELSE raw -> name END
    ), '{}'::jsonb)
    FROM cells
    WHERE line IS NULL OR line NOT IN (SELECT lines.line FROM lines)
       OR name IN (line || '.full_name', line || '.proposed_role')
$$;

-- Frozen as before, but for the blanking of people named in the session's flag: whoever sets the flag can
-- change nothing else, and the row has to come out exactly as the functions above make it.
CREATE OR REPLACE FUNCTION reports_content_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version_state text;
    who jsonb;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        SELECT state INTO version_state FROM reports_version WHERE id = OLD.version_id FOR SHARE;
        IF version_state <> 'draft' THEN
            IF TG_OP = 'UPDATE' AND coalesce(current_setting('portal.erasing', true), '') <> '' THEN
                who := current_setting('portal.erasing')::jsonb;
                IF TG_TABLE_NAME = 'reports_answer' AND jsonb_typeof(to_jsonb(OLD) -> 'value') = 'array'
                   AND to_jsonb(NEW) = to_jsonb(OLD) || jsonb_build_object(
                       'value', reports_blank_people(to_jsonb(OLD) -> 'value', who)) THEN
                    RETURN NEW;
                END IF;
                IF TG_TABLE_NAME = 'reports_section'
                   AND to_jsonb(NEW) = to_jsonb(OLD) || jsonb_build_object(
                       'raw', reports_blank_typed_people(to_jsonb(OLD) -> 'raw', who)) THEN
                    RETURN NEW;
                END IF;
            END IF;
            RAISE EXCEPTION 'what was handed in is frozen' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        SELECT state INTO version_state FROM reports_version WHERE id = NEW.version_id FOR SHARE;
        IF version_state <> 'draft' THEN
            RAISE EXCEPTION 'what was handed in is frozen' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    RETURN OLD;
END $$;

-- Blank the people `who` in the lists of those versions, drafts included, and write one event a version.
CREATE FUNCTION reports_erase_people(
    versions bigint[], who jsonb, erased_by bigint, erased_at timestamptz
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[];
BEGIN
    PERFORM set_config('portal.erasing', who::text, true);
    WITH answers AS (
        UPDATE reports_answer answer SET value = reports_blank_people(answer.value, who)
        FROM plans_formfield field
        WHERE field.id = answer.field_id AND field.type = 'people' AND answer.version_id = ANY(versions)
          AND jsonb_typeof(answer.value) = 'array'
          AND answer.value IS DISTINCT FROM reports_blank_people(answer.value, who)
        RETURNING answer.version_id
    ),
    sections AS (
        -- A draft that is open somewhere must not bring the person back: its save meets another revision.
        UPDATE reports_section section
        SET raw = reports_blank_typed_people(section.raw, who),
            revision = section.revision + (version.state = 'draft')::integer
        FROM reports_version version
        WHERE version.id = section.version_id AND section.version_id = ANY(versions)
          AND section.raw IS DISTINCT FROM reports_blank_typed_people(section.raw, who)
        RETURNING section.version_id
    )
    SELECT coalesce(array_agg(DISTINCT version_id), '{}') INTO touched
    FROM (SELECT version_id FROM answers UNION ALL SELECT version_id FROM sections) AS both_tables;
    PERFORM set_config('portal.erasing', '', true);
    INSERT INTO units_event (at, actor_id, verb, subject_type, subject_id, unit_id, from_state, to_state, reason)
    SELECT erased_at, erased_by, 'erase_people', 'reports.version', version.id, obligation.owner_id, '', '', ''
    FROM reports_version version
    JOIN reports_report report ON report.id = version.report_id
    JOIN plans_obligation obligation ON obligation.id = report.obligation_id
    WHERE version.id = ANY(touched);
    RETURN cardinality(touched);
END $$;
"""

BACKWARD = """
DROP FUNCTION reports_erase_people(bigint[], jsonb, bigint, timestamptz);
CREATE OR REPLACE FUNCTION reports_content_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version_state text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        SELECT state INTO version_state FROM reports_version WHERE id = OLD.version_id FOR SHARE;
        IF version_state <> 'draft' THEN
            RAISE EXCEPTION 'what was handed in is frozen' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        SELECT state INTO version_state FROM reports_version WHERE id = NEW.version_id FOR SHARE;
        IF version_state <> 'draft' THEN
            RAISE EXCEPTION 'what was handed in is frozen' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    RETURN OLD;
END $$;
DROP FUNCTION reports_blank_typed_people(jsonb, jsonb);
DROP FUNCTION reports_blank_people(jsonb, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_labels"), ("plans", "0005_labels"), ("units", "0004_document")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
