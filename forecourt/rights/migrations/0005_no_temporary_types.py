from django.db import migrations

# These act with the owner's rights. A session's temporary types and tables are looked at first wherever a function does not say that they
# come last; so whoever had the application's connection could have had a type of their own run their words as the owner.
FUNCTIONS = (
    "people_cut_links(uuid[])",
    "people_forget_openings(timestamptz)",
    "consent_forget_overtaken(timestamptz, integer)",
    "consent_overtaken_entries(timestamptz, uuid[])",
    "consent_forget_erased(timestamptz)",
    "sharing_forget_receipts(timestamptz)",
    "rights_forget_permits(timestamptz)",
)
LAST = "ALTER FUNCTION {} SET search_path = pg_catalog, public, pg_temp"
AS_BEFORE = "ALTER FUNCTION {} SET search_path = pg_catalog, public"


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0004_old_permits"),
        ("people", "0008_forgotten"),
        ("consent", "0007_overtaken"),
        ("sharing", "0007_old_receipts"),
    ]

    operations = [migrations.RunSQL(LAST.format(one), AS_BEFORE.format(one)) for one in FUNCTIONS]
