"""What the job worker does for people, rights, the audit and the rules."""

from __future__ import annotations

import structlog
from procrastinate.contrib.django import app

from registries.core import chain, faults
from registries.core.jobs import RETRY

logger = structlog.stdlib.get_logger("portal.audit")


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="verify_audit", retry=RETRY)
def verify_audit(timestamp: int) -> None:
    """The head goes to the log as well: logs are kept where nobody can shorten both them and the chain."""
    outcome = chain.verify(_tell)
    logger.info("audit verified", head=str(outcome.head), findings=outcome.findings)


def _tell(found: chain.Finding) -> None:
    logger.error("audit broken", kind=found.kind, position=found.position, entry=found.entry)


# Times of jobs are UTC: in Sofia half past three in summer, half past two in winter.
@app.periodic(cron="30 0 * * *")
@app.task(queueing_lock="check_rules", retry=RETRY)
def check_rules(timestamp: int) -> None:
    """The error map anew, while nobody works on the registry."""
    for one in faults.examine():
        logger.info("rule run", rule=one.rule.code, found=one.found, seconds=round(one.seconds, 2))
