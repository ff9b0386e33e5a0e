"""Members of a nomination's own unit who vote all the same; what was counted is not changed behind its back."""

import django.db.models.deletion
import doanportal.clock
from django.conf import settings
from django.db import migrations, models


GUARDS = """
-- Attendance and conflicts stand behind the numbers of a count: as long as there is one, they stay.
CREATE FUNCTION awards_counted_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    council bigint;
BEGIN
    IF TG_TABLE_NAME = 'awards_councilmember' THEN
        council := CASE WHEN TG_OP = 'INSERT' THEN NEW.council_id ELSE OLD.council_id END;
        IF TG_OP = 'UPDATE' AND NEW.council_id = OLD.council_id
           AND NEW.present IS NOT DISTINCT FROM OLD.present THEN
            RETURN NEW;
        END IF;
        IF EXISTS (SELECT 1 FROM awards_votecount v WHERE v.council_id = council) THEN
            RAISE EXCEPTION 'votes were counted with this attendance' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF EXISTS (SELECT 1 FROM awards_votecount v WHERE v.nomination_id =
                  CASE WHEN TG_OP = 'DELETE' THEN OLD.nomination_id ELSE NEW.nomination_id END) THEN
        RAISE EXCEPTION 'votes were counted with these conflicts' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER counted BEFORE INSERT OR UPDATE OR DELETE ON awards_councilmember
    FOR EACH ROW EXECUTE FUNCTION awards_counted_guard();
CREATE TRIGGER counted BEFORE INSERT OR UPDATE OR DELETE ON awards_conflict
    FOR EACH ROW EXECUTE FUNCTION awards_counted_guard();

CREATE TRIGGER council_closed BEFORE INSERT OR UPDATE OR DELETE ON awards_keptvoter
    FOR EACH ROW EXECUTE FUNCTION awards_council_closed_guard();

-- A council judges the nominations of its own round.
CREATE FUNCTION awards_vote_round_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM awards_nomination n JOIN awards_council c ON c.round_id = n.round_id
                   WHERE n.id = NEW.nomination_id AND c.id = NEW.council_id) THEN
        RAISE EXCEPTION 'the council of another round' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vote_round BEFORE INSERT OR UPDATE ON awards_votecount
    FOR EACH ROW EXECUTE FUNCTION awards_vote_round_guard();

-- Adopted minutes stay, and so does what the chair ruled.
CREATE FUNCTION awards_council_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'closed' THEN
        RAISE EXCEPTION 'the minutes of this council are adopted' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER council_guard BEFORE UPDATE OR DELETE ON awards_council
    FOR EACH ROW EXECUTE FUNCTION awards_council_guard();
CREATE FUNCTION awards_ruling_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM awards_council c JOIN awards_nomination n ON n.round_id = c.round_id
               WHERE c.state = 'closed'
                 AND n.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.nomination_id ELSE NEW.nomination_id END) THEN
        RAISE EXCEPTION 'the minutes of this council are adopted' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER ruling_guard BEFORE INSERT OR UPDATE OR DELETE ON awards_chairruling
    FOR EACH ROW EXECUTE FUNCTION awards_ruling_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("awards", "0002_invariants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptVoter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="lý do")),
                ("noted_at", models.DateTimeField(default=doanportal.clock.now)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept_votes",
                        to="awards.councilmember",
                    ),
                ),
                (
                    "nomination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept_voters",
                        to="awards.nomination",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "vẫn tham gia biểu quyết",
                "verbose_name_plural": "vẫn tham gia biểu quyết",
                "constraints": [
                    models.UniqueConstraint(fields=("nomination", "member"), name="keptvoter_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="keptvoter_with_reason"
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
