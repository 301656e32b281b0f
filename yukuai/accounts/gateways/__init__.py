from yukuai.accounts.gateways.codes import CodeSender, register_sender, send_code

__all__ = ["CodeSender", "register_sender", "send_code"]
