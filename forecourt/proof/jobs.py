"""What time does for proof: every promise is looked at again each hour, and what left is judged again."""

import logging

from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.proof import audits, evidence, runner

log = logging.getLogger(__name__)


@app.periodic(cron="7 * * * *")
@app.task(queue="proof", queueing_lock="check what the policy promises")
def check(timestamp: int) -> int:
    return len(runner.run())


@app.periodic(cron="1-59/2 * * * *")
@app.task(queue="proof", queueing_lock="look again at what could not run")
def look_again(timestamp: int) -> int:
    """On a machine that has just started, a check may come before what it needs; it need not wait for the next hour."""
    promises = evidence.could_not_run(clock.now())
    return len(runner.run(promises)) if promises else 0


@app.periodic(cron="*/10 * * * *")
@app.task(queue="proof", queueing_lock="audit what left")
def audit(timestamp: int) -> int:
    report = audits.audit_new()
    for finding in report.findings:
        log.error("Audit: %s (%s %s)", finding.says, finding.use, finding.row)
    return report.permits
