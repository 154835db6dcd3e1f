from django.db import migrations, models

# Links are added and never changed; that somebody was erased is the one reason for which one goes, and the database looks itself.
CUT_LINKS = """
CREATE FUNCTION people_cut_links(erased uuid[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    cut integer;
BEGIN
    SELECT array_agg(subject_id) INTO erased FROM public.people_contact
    WHERE subject_id = ANY (erased) AND erased_at IS NOT NULL;
    DELETE FROM public.people_link AS link WHERE link.browser = ANY (erased) OR link.contact = ANY (erased);
    GET DIAGNOSTICS cut = ROW_COUNT;
    RETURN cut;
END
$$;
REVOKE ALL ON FUNCTION people_cut_links(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_cut_links(uuid[]) TO forecourt_app;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0005_documents")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="erased_at",
            field=models.DateTimeField(
                help_text="Nothing is left but a place in the ledger: see erasing.py.", null=True
            ),
        ),
        migrations.AddField(
            model_name="memory",
            name="about",
            field=models.BinaryField(
                db_index=True,
                help_text="The index of the address in it, so that erasing finds it.",
                max_length=32,
                null=True,
            ),
        ),
        migrations.RunSQL(CUT_LINKS, "DROP FUNCTION people_cut_links(uuid[])"),
    ]
