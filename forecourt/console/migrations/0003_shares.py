from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("console", "0002_rows")]

    operations = [
        migrations.AlterField(
            model_name="provideranswer",
            name="kind",
            field=models.CharField(
                choices=[("message", "Message"), ("lead", "Lead"), ("share", "Share")], max_length=8
            ),
        ),
    ]
