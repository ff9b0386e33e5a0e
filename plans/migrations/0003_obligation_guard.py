"""First hand-in is for ever, the printed day never moves, a due time moves only by an extension."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION plans_obligation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.first_fulfilled_at IS NOT NULL THEN
            RAISE EXCEPTION 'a fulfilled obligation is not deleted' USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.first_fulfilled_at IS NOT NULL
       AND NEW.first_fulfilled_at IS DISTINCT FROM OLD.first_fulfilled_at THEN
        RAISE EXCEPTION 'first_fulfilled_at never changes' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.kind, NEW.form_id, NEW.owner_id, NEW.period_key, NEW.printed_on)
       IS DISTINCT FROM (OLD.kind, OLD.form_id, OLD.owner_id, OLD.period_key, OLD.printed_on) THEN
        RAISE EXCEPTION 'what an obligation is never changes' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.due_at IS DISTINCT FROM OLD.due_at AND NEW.extended_to IS DISTINCT FROM NEW.due_at THEN
        RAISE EXCEPTION 'due_at moves only by an extension' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER obligation_guard BEFORE UPDATE OR DELETE ON plans_obligation
    FOR EACH ROW EXECUTE FUNCTION plans_obligation_guard();
CREATE TRIGGER obligation_no_truncate BEFORE TRUNCATE ON plans_obligation
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();
"""
BACKWARD = """
DROP TRIGGER obligation_no_truncate ON plans_obligation;
DROP TRIGGER obligation_guard ON plans_obligation;
DROP FUNCTION plans_obligation_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_initial"), ("units", "0002_event_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
