from tests.mediation import dispute_pack, kinds, mediators, places, registered, staff, steps

__all__ = ["dispute_pack", "kinds", "mediators", "places", "registered", "staff", "steps"]
