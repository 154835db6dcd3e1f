"""How fast cases were answered stands on a public page."""

from django.db import migrations

TABLE = "inquiries_month"


class Migration(migrations.Migration):
    dependencies = [("edge", "0003_news_of_stock"), ("inquiries", "0001_initial")]

    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER pages_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION edge_announce()",
            f"DROP TRIGGER pages_changed ON {TABLE}",
        )
    ]
