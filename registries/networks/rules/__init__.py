"""Rules of networks, by what they judge; importing them declares them."""

from registries.networks.rules import assets, course, flow, standing

__all__ = ["assets", "course", "flow", "standing"]
