"""What the database itself refuses: strangers in a team, children without consent, rewritten records."""

from django.db import migrations

FORWARD = """
-- A member, a seat on the board and the team are of one unit.
ALTER TABLE volunteers_team ADD CONSTRAINT team_with_unit UNIQUE (id, unit_id);
ALTER TABLE volunteers_person ADD CONSTRAINT person_with_unit UNIQUE (id, unit_id);
ALTER TABLE volunteers_membership
    ADD CONSTRAINT membership_team_of_unit FOREIGN KEY (team_id, unit_id)
        REFERENCES volunteers_team (id, unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    ADD CONSTRAINT membership_person_of_unit FOREIGN KEY (person_id, unit_id)
        REFERENCES volunteers_person (id, unit_id) DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE volunteers_commandpost
    ADD CONSTRAINT commandpost_team_of_unit FOREIGN KEY (team_id, unit_id)
        REFERENCES volunteers_team (id, unit_id) DEFERRABLE INITIALLY IMMEDIATE,
    ADD CONSTRAINT commandpost_person_of_unit FOREIGN KEY (person_id, unit_id)
        REFERENCES volunteers_person (id, unit_id) DEFERRABLE INITIALLY IMMEDIATE;

-- One Đội trưởng at a time.
ALTER TABLE volunteers_commandpost ADD CONSTRAINT commandpost_one_leader
    EXCLUDE USING gist (int8range(team_id, team_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&)
    WHERE (role = 'leader');

-- In charge is a Bí thư or Phó Bí thư of the unit itself; for the province's team its Thường trực (plan IV.5).
CREATE FUNCTION volunteers_team_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM units_post p
         WHERE p.id = NEW.responsible_id AND p.unit_id = NEW.unit_id
           AND p.role IN ('secretary', 'deputy', 'leader')
    ) THEN
        RAISE EXCEPTION 'the officer in charge is a secretary or deputy of the unit'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.unit_id <> OLD.unit_id THEN
        RAISE EXCEPTION 'a team stays in its unit' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER team_guard BEFORE INSERT OR UPDATE ON volunteers_team
    FOR EACH ROW EXECUTE FUNCTION volunteers_team_guard();

-- Whoever may be under 16 in the year of joining needs a guardian's consent by the end of the transaction.
CREATE FUNCTION volunteers_guardian_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM volunteers_person p
         WHERE p.id = NEW.person_id AND p.birth_year IS NOT NULL
           AND extract(year FROM NEW.valid_from) <= p.birth_year + 16
           AND NOT EXISTS (
               SELECT 1 FROM volunteers_consent c JOIN volunteers_consenttext t ON t.id = c.text_id
                WHERE c.person_id = p.id AND c.by = 'guardian' AND t.purpose = 'roster'
                  AND c.withdrawn_at IS NULL)
    ) THEN
        RAISE EXCEPTION 'guardian_consent_missing' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER membership_guardian AFTER INSERT OR UPDATE OF valid_from, person_id
    ON volunteers_membership DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION volunteers_guardian_guard();
CREATE CONSTRAINT TRIGGER commandpost_guardian AFTER INSERT OR UPDATE OF valid_from, person_id
    ON volunteers_commandpost DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION volunteers_guardian_guard();

-- Consent is evidence: what was given stays; it is only withdrawn once, and the guardian's name may be erased.
CREATE FUNCTION volunteers_consent_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'consent is not deleted' USING ERRCODE = 'check_violation';
    END IF;
    IF to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_by_id' - 'guardian_name'
       IS DISTINCT FROM to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_by_id' - 'guardian_name'
       OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at)
       OR (NEW.guardian_name <> OLD.guardian_name AND NEW.guardian_name <> '') THEN
        RAISE EXCEPTION 'consent is only withdrawn' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consent_guard BEFORE UPDATE OR DELETE ON volunteers_consent
    FOR EACH ROW EXECUTE FUNCTION volunteers_consent_guard();

-- Once anonymous, always anonymous; a person changes no unit.
CREATE FUNCTION volunteers_person_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.anonymised_at IS NOT NULL OR NEW.unit_id <> OLD.unit_id THEN
        RAISE EXCEPTION 'an anonymised person stays so, a person stays in the unit'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER person_guard BEFORE UPDATE ON volunteers_person
    FOR EACH ROW EXECUTE FUNCTION volunteers_person_guard();

-- A plan that was sent stays as sent and is answered once.
CREATE FUNCTION volunteers_activityplan_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.answer <> '' OR
       to_jsonb(NEW) - 'answer' - 'answer_text' - 'answered_at' - 'answered_by_id' - 'department_id'
       IS DISTINCT FROM
       to_jsonb(OLD) - 'answer' - 'answer_text' - 'answered_at' - 'answered_by_id' - 'department_id' THEN
        RAISE EXCEPTION 'a plan that was sent is only answered, once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER activityplan_guard BEFORE UPDATE OR DELETE ON volunteers_activityplan
    FOR EACH ROW EXECUTE FUNCTION volunteers_activityplan_guard();

-- A host does not take part in its own activity as a guest: it would look like two.
CREATE FUNCTION volunteers_activityunit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM volunteers_activity a WHERE a.id = NEW.activity_id AND a.unit_id = NEW.unit_id) THEN
        RAISE EXCEPTION 'the host is not a guest of its own activity' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER activityunit_guard BEFORE INSERT OR UPDATE ON volunteers_activityunit
    FOR EACH ROW EXECUTE FUNCTION volunteers_activityunit_guard();
"""
APPEND_ONLY = (
    "volunteers_personalaccess",
    "volunteers_attendancetap",
    "volunteers_rostersending",
    "volunteers_rosterline",
)
FORWARD += "".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();
"""
    for table in APPEND_ONLY
)


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0001_initial"), ("units", "0004_document")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
