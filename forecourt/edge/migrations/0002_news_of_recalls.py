"""The recall page says how old its data is."""

from django.db import migrations

TABLE = "recalls_loading"


class Migration(migrations.Migration):
    dependencies = [("edge", "0001_news"), ("recalls", "0001_initial")]

    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER pages_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION edge_announce()",
            f"DROP TRIGGER pages_changed ON {TABLE}",
        )
    ]
