"""Which cars are at dealers, and which recalls are open for them."""

from django.db import migrations

TABLES = ("stock_car", "stock_loading", "recalls_affected", "recalls_campaign", "recalls_repair")


def trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER pages_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION edge_announce()",
        f"DROP TRIGGER pages_changed ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("edge", "0002_news_of_recalls"), ("recalls", "0001_initial"), ("stock", "0001_initial")]

    operations = list(map(trigger, TABLES))
