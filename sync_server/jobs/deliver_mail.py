"""Mails that events caused, and those of either queue whose sending nothing was heard of."""

from sync_server.repositories.mail_queues import QueueName
from sync_server.services.mail_delivery import MailDelivery


def run(delivery: MailDelivery) -> int:
    """Take one batch; how many rows were worked on."""
    return delivery.resolve_lapsed() + delivery.deliver_due(QueueName.MAIL)
