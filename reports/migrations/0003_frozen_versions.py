"""A handed-in version is frozen, with all that is in it (design.md §3.5)."""

from django.db import migrations

TABLES = ["reports_value", "reports_answer", "reports_section", "reports_evidence"]

FUNCTIONS = """
CREATE FUNCTION reports_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'a handed-in version is not deleted' USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state = 'draft' THEN
        IF NEW.state = 'superseded' OR NEW.report_id <> OLD.report_id OR NEW.number <> OLD.number THEN
            RAISE EXCEPTION 'a draft only becomes submitted' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state = 'submitted' AND NEW.state = 'superseded'
       AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a handed-in version is frozen' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER version_guard BEFORE UPDATE OR DELETE ON reports_version
    FOR EACH ROW EXECUTE FUNCTION reports_version_guard();
CREATE TRIGGER version_no_truncate BEFORE TRUNCATE ON reports_version
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();

-- FOR SHARE makes a late write wait for a hand-in that is under way, and then see it.
CREATE FUNCTION reports_content_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""
TRIGGERS = "".join(
    f"""
CREATE TRIGGER content_guard BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION reports_content_guard();
CREATE TRIGGER content_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();
"""
    for table in TABLES
)
BACKWARD = (
    "".join(
        f"DROP TRIGGER content_no_truncate ON {table}; DROP TRIGGER content_guard ON {table};\n"
        for table in TABLES
    )
    + """
DROP FUNCTION reports_content_guard();
DROP TRIGGER version_no_truncate ON reports_version;
DROP TRIGGER version_guard ON reports_version;
DROP FUNCTION reports_version_guard();
"""
)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_initial"),
        ("units", "0002_event_append_only"),
        ("plans", "0003_obligation_guard"),
    ]
    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, BACKWARD)]
