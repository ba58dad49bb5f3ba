"""What a series says of its vendors' accounts: where results are kept and who pays, and nothing of what is made."""

from __future__ import annotations

from pydantic import Field

from storyboard.model.fields import Slug, Written


class OxenItem(Written):
    """Oxen.ai, for this series."""

    namespace: Slug | None = Field(
        None,
        description="The user or organization that pays and keeps the results. By default the key's own user. "
        "OXEN_NAMESPACE in the environment comes first.",
    )


class Vendors(Written):
    """What holds for vendors in this series. No clip is bought again for a change of it."""

    oxen: OxenItem = Field(OxenItem(), description="Oxen.ai.")
