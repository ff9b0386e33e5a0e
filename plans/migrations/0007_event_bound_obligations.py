"""The printed day of an obligation that hangs on an event moves with the event; all others stay (D6, D7)."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION plans_obligation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    hangs_on_event boolean;
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
    IF (NEW.kind, NEW.form_id, NEW.owner_id, NEW.period_key, NEW.cause)
       IS DISTINCT FROM (OLD.kind, OLD.form_id, OLD.owner_id, OLD.period_key, OLD.cause) THEN
        RAISE EXCEPTION 'what an obligation is never changes' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.printed_on, NEW.due_at) IS DISTINCT FROM (OLD.printed_on, OLD.due_at) THEN
        SELECT schedule IN ('before_event', 'after_event') INTO hangs_on_event
          FROM plans_deadline WHERE id = OLD.deadline_id;
        IF OLD.kind <> 'plan' OR NOT coalesce(hangs_on_event, false) THEN
            IF NEW.printed_on IS DISTINCT FROM OLD.printed_on THEN
                RAISE EXCEPTION 'what an obligation is never changes' USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.due_at IS DISTINCT FROM OLD.due_at AND NEW.extended_to IS DISTINCT FROM NEW.due_at THEN
                RAISE EXCEPTION 'due_at moves only by an extension' USING ERRCODE = 'check_violation';
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0006_sources_by_unit_and_measures")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
