"""A person may be erased from nominations that were handed in: one function, one shape of change, recorded."""

from django.db import migrations

FORWARD = r"""
-- The words of departments about somebody who is erased: their text alone changes, to the mark alone.
CREATE FUNCTION awards_assessment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('portal.erasing', true) = 'on'
       AND to_jsonb(NEW) = to_jsonb(OLD) || jsonb_build_object('text', '(đã xóa thông tin)') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an assessment is only added' USING ERRCODE = 'check_violation';
END $$;
DROP TRIGGER append_only ON awards_assessment;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON awards_assessment
    FOR EACH ROW EXECUTE FUNCTION awards_assessment_guard();

CREATE OR REPLACE FUNCTION awards_supplement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (
            SELECT 1 FROM awards_nomination n JOIN awards_round r ON r.id = n.round_id
             WHERE n.id = NEW.nomination_id AND r.state = 'open' AND r.supplements_allowed
               AND n.stage = 'cluster') THEN
            RAISE EXCEPTION 'supplements only before the round closes' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND current_setting('portal.erasing', true) = 'on'
       AND to_jsonb(NEW) = to_jsonb(OLD) || jsonb_build_object('text', '(đã xóa thông tin)') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.answered_by_version_id IS NOT NULL
       OR to_jsonb(NEW) - 'answered_by_version_id' IS DISTINCT FROM to_jsonb(OLD) - 'answered_by_version_id' THEN
        RAISE EXCEPTION 'a request for supplements is only answered, once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION awards_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('portal.erasing', true) = 'on' AND OLD.outcome = 'refused'
       AND to_jsonb(NEW) = to_jsonb(OLD) || jsonb_build_object('reason', '(đã xóa thông tin)') THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM awards_decision d WHERE d.state = 'published'
               AND d.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.decision_id ELSE OLD.decision_id END) THEN
        RAISE EXCEPTION 'a published outcome stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- Blank those nominations and their versions, and every text about them that says the name; one event each.
-- What stands granted in a decision that has its number is left alone: it is a record of the Union.
CREATE FUNCTION awards_erase_nominations(
    nominations bigint[], erased_by bigint, erased_at timestamptz
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    mark constant text := '(đã xóa thông tin)';
    touched bigint[];
BEGIN
    SELECT coalesce(array_agg(n.id), '{}') INTO touched FROM awards_nomination n
     WHERE n.id = ANY(nominations) AND n.subject_kind = 'individual' AND n.name <> mark
       AND NOT EXISTS (
           SELECT 1 FROM awards_decisionline l
             JOIN awards_decision d ON d.id = l.decision_id
             JOIN units_document p ON p.id = d.document_id
            WHERE l.nomination_id = n.id AND l.outcome = 'granted'
              AND (d.state = 'published' OR p.number <> ''));
    PERFORM set_config('portal.erasing', 'on', true);
    UPDATE awards_assessment a SET text = mark FROM awards_nomination n
     WHERE n.id = a.nomination_id AND n.id = ANY(touched) AND n.name <> ''
       AND position(lower(n.name) IN lower(a.text)) > 0;
    UPDATE awards_supplementrequest s SET text = mark FROM awards_nomination n
     WHERE n.id = s.nomination_id AND n.id = ANY(touched) AND n.name <> ''
       AND position(lower(n.name) IN lower(s.text)) > 0;
    UPDATE awards_highersubmission h SET answer_reason = mark FROM awards_nomination n
     WHERE n.id = h.nomination_id AND n.id = ANY(touched) AND n.name <> ''
       AND position(lower(n.name) IN lower(h.answer_reason)) > 0;
    UPDATE awards_decisionline l SET reason = mark FROM awards_nomination n
     WHERE n.id = l.nomination_id AND n.id = ANY(touched) AND n.name <> '' AND l.outcome = 'refused'
       AND position(lower(n.name) IN lower(l.reason)) > 0;
    DELETE FROM awards_decisionline l WHERE l.nomination_id = ANY(touched) AND l.outcome = 'granted';
    UPDATE awards_checklistitem c SET reason = mark
     WHERE c.nomination_id = ANY(touched) AND c.reason <> '';
    UPDATE awards_nominationversion v SET
        content = (
            v.content - ARRAY['name', 'birth_year', 'gender', 'position', 'workplace', 'summary', 'report',
                              'confirmed_by', 'confirmed_title', 'confirmed_on', 'over_quota_reason', 'files',
                              'pieces']
        ) || jsonb_build_object('name', mark),
        reason = CASE WHEN v.reason = '' THEN '' ELSE mark END
     WHERE v.nomination_id = ANY(touched);
    UPDATE awards_nomination n SET
        name = mark, birth_year = NULL, gender = '', position = '', workplace = '', summary = '', report = '',
        confirmed_by = '', confirmed_title = '', confirmed_on = NULL, search_key = '',
        over_quota_reason = CASE WHEN n.over_quota_reason = '' THEN '' ELSE mark END,
        identity_key = 'erased:' || n.id, revision = n.revision + 1
     WHERE n.id = ANY(touched);
    PERFORM set_config('portal.erasing', '', true);
    INSERT INTO units_event (at, actor_id, verb, subject_type, subject_id, unit_id, from_state, to_state, reason)
    SELECT erased_at, erased_by, 'erase_nomination', 'awards.nomination', n.id, n.unit_id, '', '', ''
      FROM awards_nomination n WHERE n.id = ANY(touched);
    RETURN touched;
END $$;
"""

BACKWARD = """
DROP FUNCTION awards_erase_nominations(bigint[], bigint, timestamptz);
DROP TRIGGER append_only ON awards_assessment;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON awards_assessment
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
DROP FUNCTION awards_assessment_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0003_council_kept_voters"), ("units", "0004_document")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
