from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "yukuai.exchange"

    def ready(self) -> None:
        from yukuai.cases.events import CaseMoved, CaseSupervised
        from yukuai.exchange import tasks
        from yukuai.exchange.events import (
            MatterUnclear,
            NoticeKept,
            ParcelQueued,
            ReconciliationAsked,
        )
        from yukuai.kernel.outbox import SUBSCRIBERS

        SUBSCRIBERS[CaseMoved].append(tasks.follow)
        SUBSCRIBERS[CaseSupervised].append(tasks.follow_supervision)
        SUBSCRIBERS[ParcelQueued].append(tasks.deliver)
        SUBSCRIBERS[NoticeKept].append(tasks.settle)
        SUBSCRIBERS[MatterUnclear].append(tasks.ask_about)
        SUBSCRIBERS[ReconciliationAsked].append(tasks.reconcile)
