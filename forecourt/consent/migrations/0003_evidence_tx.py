from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0002_ledger")]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="tx",
            field=models.BigIntegerField(
                db_default=0, default=0, help_text="When it looked, every transaction below this one had ended."
            ),
        ),
    ]
