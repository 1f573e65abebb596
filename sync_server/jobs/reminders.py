"""Mails that the studio's rules have planned and that are due."""

from sync_server.repositories.mail_queues import QueueName
from sync_server.services.mail_delivery import MailDelivery


def run(delivery: MailDelivery) -> int:
    """Take one batch; how many rows were worked on."""
    return delivery.deliver_due(QueueName.REMINDER)
