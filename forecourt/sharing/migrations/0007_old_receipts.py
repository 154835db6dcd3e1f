from django.db import migrations

# Receipts are added and never changed. Once one is two years old it goes, and the database looks at its own clock.
FORGET = """
CREATE FUNCTION sharing_forget_receipts(before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    gone integer;
BEGIN
    DELETE FROM public.sharing_receipt WHERE at <= least(before, clock_timestamp() - interval '24 months');
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;
REVOKE ALL ON FUNCTION sharing_forget_receipts(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sharing_forget_receipts(timestamptz) TO forecourt_app;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0006_erasures")]

    operations = [migrations.RunSQL(FORGET, "DROP FUNCTION sharing_forget_receipts(timestamptz)")]
