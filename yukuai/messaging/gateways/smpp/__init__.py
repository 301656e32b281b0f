"""SMPP 3.4: one process (`manage.py smpp_gateway`) is bound to the SMS centre and works off what
web and worker put into its queue."""

from yukuai.messaging.gateways.smpp.queue import SmppGateway

__all__ = ["SmppGateway"]
