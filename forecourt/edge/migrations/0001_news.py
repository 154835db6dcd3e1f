"""Each write to a table that public pages are made of is announced as it commits; edge/page_news.py listens."""

from django.db import migrations

TABLES = (
    "consent_closure", "consent_evidence",
    "dealers_closedday", "dealers_dealer", "dealers_loading", "dealers_openinghours",
    "pages_editorialpage", "pages_homepage",
    "wagtailcore_page", "wagtailcore_pageviewrestriction", "wagtailcore_site", "wagtailimages_image",
)  # fmt: skip

FUNCTION = """
CREATE FUNCTION edge_announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('pages_changed', '');
    RETURN NULL;
END $$
"""


def trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER pages_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION edge_announce()",
        f"DROP TRIGGER pages_changed ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0003_evidence_tx"),
        ("dealers", "0001_initial"),
        ("pages", "0001_initial"),
        ("wagtailcore", "0001_squashed_0016_change_page_url_path_to_text_field"),
        ("wagtailimages", "0001_initial"),
    ]

    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION edge_announce"), *map(trigger, TABLES)]
