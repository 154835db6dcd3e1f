from django.db import migrations, models

KINDS = [(kind, kind.capitalize()) for kind in ("join", "removal", "event", "notice", "erasure")]


class Migration(migrations.Migration):
    dependencies = [("sharing", "0005_figures")]

    operations = [
        migrations.AlterField(
            model_name="share", name="kind", field=models.CharField(choices=KINDS, max_length=8)
        ),
    ]
