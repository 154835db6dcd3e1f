from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.CharField(
                choices=[("phone-stop", "Stop by phone"), ("question", "Question"), ("claim", "Claim")], max_length=24
            ),
        ),
    ]
