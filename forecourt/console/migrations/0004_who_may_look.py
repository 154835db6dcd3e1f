"""Counts of looks; groups of managers and of people from outside; and an account of staff that nobody signed for stays shut,
whatever code would open it."""

from django.db import migrations, models

GROUPS = ("Managers", "Outsiders")
TRIGGER = """
CREATE FUNCTION console_signed_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.is_staff AND NEW.is_active AND NOT EXISTS (SELECT FROM console_undertaking WHERE user_id = NEW.id) THEN
        RAISE EXCEPTION 'no undertaking is on file for account %', NEW.username USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER console_signed_first BEFORE INSERT OR UPDATE OF is_active, is_staff ON auth_user
    FOR EACH ROW EXECUTE FUNCTION console_signed_first();
"""
NO_TRIGGER = "DROP TRIGGER console_signed_first ON auth_user; DROP FUNCTION console_signed_first();"


def add_groups(apps, schema_editor) -> None:
    for name in GROUPS:
        apps.get_model("auth", "Group").objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("console", "0003_shares"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("who", models.CharField(max_length=64)),
                ("what", models.CharField(max_length=16)),
                ("hour", models.DateTimeField()),
                ("count", models.IntegerField(default=0)),
                ("refused", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("who", "what", "hour"), name="one_tally_an_hour")],
            },
        ),
        migrations.RunPython(add_groups, migrations.RunPython.noop),
        migrations.RunSQL(TRIGGER, NO_TRIGGER),
    ]
