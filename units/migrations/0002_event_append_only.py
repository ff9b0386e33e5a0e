"""The event log refuses UPDATE, DELETE and TRUNCATE (reliability.md §4)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION portal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON units_event
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON units_event
    FOR EACH STATEMENT EXECUTE FUNCTION portal_append_only();
"""
BACKWARD = """
DROP TRIGGER event_no_truncate ON units_event;
DROP TRIGGER event_append_only ON units_event;
DROP FUNCTION portal_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
