import asyncio
import signal

from django.core.management.base import BaseCommand, CommandError

from yukuai.kernel.errors import Unavailable
from yukuai.messaging.feeding import Feeder
from yukuai.messaging.gateways.smpp.account import Account, account_of_settings


class Command(BaseCommand):
    help = "Stand at the SMS gateway: bind to the SMS centre (SMPP 3.4) and work off the queue."

    def handle(self, *_args: object, **_options: object) -> None:
        try:
            account = account_of_settings()
        except Unavailable as error:
            raise CommandError(str(error)) from error
        asyncio.run(_run(account))


async def _run(account: Account) -> None:
    feeder, loop = Feeder(account), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, feeder.stop.set)
    await feeder.run()
