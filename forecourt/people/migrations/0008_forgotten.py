from django.db import migrations, models

# Who looked at whom is added and never changed. Once it is two years old it goes, and the database looks at its own clock.
FORGET = """
CREATE FUNCTION people_forget_openings(before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    gone integer;
BEGIN
    DELETE FROM public.people_opening WHERE at <= least(before, clock_timestamp() - interval '24 months');
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;
REVOKE ALL ON FUNCTION people_forget_openings(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_forget_openings(timestamptz) TO forecourt_app;
CREATE INDEX people_opening_at ON people_opening USING brin (at);
"""
FORGET_NOT = "DROP INDEX people_opening_at; DROP FUNCTION people_forget_openings(timestamptz)"


class Migration(migrations.Migration):
    dependencies = [("people", "0007_subject_frozen_at")]

    operations = [
        migrations.CreateModel(
            name="Forgotten",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=64)),
                ("number", models.IntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["rule", "-at"], name="people_forg_rule_at")]},
        ),
        migrations.RunSQL(FORGET, FORGET_NOT),
    ]
