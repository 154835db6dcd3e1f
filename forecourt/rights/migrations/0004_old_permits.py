from django.db import migrations

# A permit goes once it is two years old and nothing that left by it, or may have left, is here any more.
FORGET = """
CREATE FUNCTION rights_forget_permits(before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    gone integer;
BEGIN
    DELETE FROM public.consent_permit AS p
    WHERE p.decided_at <= least(before, clock_timestamp() - interval '24 months')
      AND NOT EXISTS (SELECT FROM public.messaging_message m WHERE m.permit = p.id)
      AND NOT EXISTS (SELECT FROM public.sharing_lead l WHERE l.permit = p.id)
      AND NOT EXISTS (SELECT FROM public.sharing_share s WHERE s.permit = p.id)
      AND NOT EXISTS (SELECT FROM public.sharing_receipt r WHERE r.permit = p.id);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;
REVOKE ALL ON FUNCTION rights_forget_permits(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rights_forget_permits(timestamptz) TO forecourt_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0003_holds"),
        ("consent", "0007_overtaken"),
        ("messaging", "0001_initial"),
        ("sharing", "0007_old_receipts"),
    ]

    operations = [migrations.RunSQL(FORGET, "DROP FUNCTION rights_forget_permits(timestamptz)")]
