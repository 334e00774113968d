"""A real personal data server on this machine, and Bluesky as a network for the contract.

The server is npm's `@atproto/pds` with `@did-plc/server`, installed by
`npm ci --prefix plugins/uasocial-bluesky/tests/pds`, or wherever UASOCIAL_PDS says.
"""

from uasocial_bluesky.testing.pds import Member, Pds, lacking_for_pds

__all__ = ["Member", "Pds", "lacking_for_pds"]
