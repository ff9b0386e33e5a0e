"""Transactional tests end with a flush; append-only tables must not make it fail."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

REFUSE_TRUNCATE = """
CREATE FUNCTION refuse_for_test() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'append-only'; END $$;
CREATE TRIGGER refuse_for_test BEFORE TRUNCATE ON django_session EXECUTE FUNCTION refuse_for_test();
"""


@pytest.mark.django_db(transaction=True)
def test_flush_goes_past_truncate_triggers_and_leaves_them_on():
    with connection.cursor() as cursor:
        cursor.execute(REFUSE_TRUNCATE)
        try:
            call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
            with pytest.raises(DatabaseError, match="append-only"):
                cursor.execute("TRUNCATE django_session")
        finally:
            cursor.execute("DROP FUNCTION refuse_for_test CASCADE")
