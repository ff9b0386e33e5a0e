"""What the database itself refuses in awards: lost dossiers, impossible counts, gaps in the golden book."""

from django.db import migrations

FORWARD = """
-- A unit, its dossier and its nominations belong together, in one round.
ALTER TABLE awards_dossier ADD CONSTRAINT dossier_with_unit_and_round UNIQUE (id, unit_id, round_id);
ALTER TABLE awards_nomination ADD CONSTRAINT nomination_of_its_dossier
    FOREIGN KEY (dossier_id, unit_id, round_id) REFERENCES awards_dossier (id, unit_id, round_id);

-- A4: what was handed in is never deleted and never becomes a draft again.
CREATE FUNCTION awards_dossier_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.handed_in_at IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.handed_in_at IS DISTINCT FROM OLD.handed_in_at
       OR NEW.unit_id <> OLD.unit_id OR NEW.round_id <> OLD.round_id THEN
        RAISE EXCEPTION 'a dossier that was handed in stays handed in' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dossier_guard BEFORE UPDATE OR DELETE ON awards_dossier
    FOR EACH ROW EXECUTE FUNCTION awards_dossier_guard();

-- Stages go forward one by one; the words of a nomination change later only as a supplement that was asked for.
CREATE FUNCTION awards_nomination_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stages text[] := ARRAY['draft', 'cluster', 'check', 'council', 'bureau', 'published'];
    changed boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.stage <> 'draft' AND NOT (NEW.fallback_of_id IS NOT NULL AND NEW.stage = 'bureau') THEN
            RAISE EXCEPTION 'a nomination begins as a draft' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF current_setting('portal.erasing', true) = 'on' AND TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    IF OLD.stage = 'draft' THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        IF NEW.stage NOT IN ('draft', 'cluster') THEN
            RAISE EXCEPTION 'stages go forward one by one' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a nomination that was handed in is not deleted' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.stage <> OLD.stage
       AND array_position(stages, NEW.stage::text) <> array_position(stages, OLD.stage::text) + 1 THEN
        RAISE EXCEPTION 'stages go forward one by one' USING ERRCODE = 'check_violation';
    END IF;
    changed := to_jsonb(NEW) - 'stage' - 'revision' IS DISTINCT FROM to_jsonb(OLD) - 'stage' - 'revision';
    IF changed AND NOT (OLD.stage = 'cluster' AND NEW.stage = 'cluster' AND EXISTS (
        SELECT 1 FROM awards_supplementrequest s JOIN awards_round r ON r.id = OLD.round_id
         WHERE s.nomination_id = OLD.id AND s.answered_by_version_id IS NULL
           AND r.state = 'open' AND r.supplements_allowed)) THEN
        RAISE EXCEPTION 'what was handed in is frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nomination_guard BEFORE INSERT OR UPDATE OR DELETE ON awards_nomination
    FOR EACH ROW EXECUTE FUNCTION awards_nomination_guard();

CREATE FUNCTION awards_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('portal.erasing', true) = 'on' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a version is frozen' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER version_guard BEFORE UPDATE OR DELETE ON awards_nominationversion
    FOR EACH ROW EXECUTE FUNCTION awards_version_guard();

CREATE FUNCTION awards_supplement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF TG_OP = 'DELETE' OR OLD.answered_by_version_id IS NOT NULL
       OR to_jsonb(NEW) - 'answered_by_version_id' IS DISTINCT FROM to_jsonb(OLD) - 'answered_by_version_id' THEN
        RAISE EXCEPTION 'a request for supplements is only answered, once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER supplement_guard BEFORE INSERT OR UPDATE OR DELETE ON awards_supplementrequest
    FOR EACH ROW EXECUTE FUNCTION awards_supplement_guard();

-- Counts come from who sits there: members and present without those in conflict; once confirmed they stay.
CREATE FUNCTION awards_vote_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    eligible integer;
    there integer;
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND OLD.confirmed_by_id IS NOT NULL) THEN
        IF TG_OP = 'DELETE' AND OLD.confirmed_by_id IS NULL THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'a confirmed count stays' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM awards_council c WHERE c.id = NEW.council_id AND c.state <> 'sitting') THEN
        RAISE EXCEPTION 'votes are counted while the council sits' USING ERRCODE = 'check_violation';
    END IF;
    SELECT count(*), count(*) FILTER (WHERE m.present) INTO eligible, there
      FROM awards_councilmember m
     WHERE m.council_id = NEW.council_id AND NOT EXISTS (
        SELECT 1 FROM awards_conflict x WHERE x.member_id = m.id AND x.nomination_id = NEW.nomination_id);
    IF NEW.members <> eligible OR NEW.present <> there THEN
        RAISE EXCEPTION 'members and present do not fit the attendance' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vote_guard BEFORE INSERT OR UPDATE OR DELETE ON awards_votecount
    FOR EACH ROW EXECUTE FUNCTION awards_vote_guard();

-- After the minutes are adopted nobody comes, goes or turns out to be in conflict.
CREATE FUNCTION awards_council_closed_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    council bigint;
BEGIN
    IF TG_TABLE_NAME = 'awards_councilmember' THEN
        council := CASE WHEN TG_OP = 'DELETE' THEN OLD.council_id ELSE NEW.council_id END;
    ELSE
        SELECT m.council_id INTO council FROM awards_councilmember m
         WHERE m.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.member_id ELSE NEW.member_id END;
    END IF;
    IF EXISTS (SELECT 1 FROM awards_council c WHERE c.id = council AND c.state = 'closed') THEN
        RAISE EXCEPTION 'the minutes of this council are adopted' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER council_closed BEFORE INSERT OR UPDATE OR DELETE ON awards_councilmember
    FOR EACH ROW EXECUTE FUNCTION awards_council_closed_guard();
CREATE TRIGGER council_closed BEFORE INSERT OR UPDATE OR DELETE ON awards_conflict
    FOR EACH ROW EXECUTE FUNCTION awards_council_closed_guard();

-- A published decision stays; its lines too.
CREATE FUNCTION awards_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' THEN
        RAISE EXCEPTION 'a published decision stays' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.state = 'published' AND NOT EXISTS (
        SELECT 1 FROM units_document d WHERE d.id = NEW.document_id AND d.number <> '') THEN
        RAISE EXCEPTION 'a decision without number is not published' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER decision_guard BEFORE UPDATE OR DELETE ON awards_decision
    FOR EACH ROW EXECUTE FUNCTION awards_decision_guard();
CREATE FUNCTION awards_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM awards_decision d WHERE d.state = 'published'
               AND d.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.decision_id ELSE OLD.decision_id END) THEN
        RAISE EXCEPTION 'a published outcome stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER line_guard BEFORE INSERT OR UPDATE OR DELETE ON awards_decisionline
    FOR EACH ROW EXECUTE FUNCTION awards_line_guard();

-- The golden book: each number is the last one plus one, whoever writes at the same time.
CREATE FUNCTION awards_goldenbook_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('golden-book'), hashtext(NEW.book));
    IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM awards_goldenbookentry WHERE book = NEW.book) THEN
        RAISE EXCEPTION 'golden book numbers have no gap' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM awards_decisionline l JOIN awards_decision d ON d.id = l.decision_id
                   WHERE l.id = NEW.line_id AND l.outcome = 'granted' AND d.state = 'published') THEN
        RAISE EXCEPTION 'only a published award enters the book' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER goldenbook_guard BEFORE INSERT ON awards_goldenbookentry
    FOR EACH ROW EXECUTE FUNCTION awards_goldenbook_guard();
"""
APPEND_ONLY = ("awards_assessment", "awards_goldenbookentry")
NO_TRUNCATE = (
    *APPEND_ONLY,
    "awards_dossier",
    "awards_nomination",
    "awards_nominationversion",
    "awards_votecount",
)
FORWARD += "".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
"""
    for table in APPEND_ONLY
) + "".join(
    f"""
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();
"""
    for table in NO_TRUNCATE
)


class Migration(migrations.Migration):
    dependencies = [("awards", "0001_initial"), ("units", "0004_document")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
