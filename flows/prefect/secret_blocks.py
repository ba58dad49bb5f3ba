"""Vendors' keys from Prefect's secret blocks, where a worker's environment has none.

The block `kinovi-api-key` is what KINOVI_API_KEY would be. It is read in the process of a deployment's flow run, when
that begins, and put into this process's environment alone: from there on it is treated as every key is. It is in no
parameter, no result, no log and no file. (A pull step would not do: Prefect writes the environment that its steps leave
into a file.)

Whoever may read the blocks of a server may read the keys in them.
"""

import asyncio
import os

from prefect.client.orchestration import PrefectClient, get_client
from prefect.exceptions import ObjectNotFound

from flows.errors import SettingsError
from flows.prefect.caller import is_deployed
from render.providers.registry import hosted_vendors

__all__ = ["block_of", "take_keys_from_blocks"]


def block_of(variable: str) -> str:
    """The name of the secret block that stands in for a variable."""
    return variable.lower().replace("_", "-")


async def take_keys_from_blocks() -> None:
    """Have the keys that this process lacks, where it runs a deployment and its server has them. Safe to repeat.

    To be called before anything reads the environment. Raises SettingsError for a block that holds no text.
    """
    lacks = [each.key_variable for each in hosted_vendors() if not os.environ.get(each.key_variable)]
    if not lacks or not is_deployed():
        return
    async with get_client() as client:
        keys = await asyncio.gather(*(_key(client, variable) for variable in lacks))
    os.environ.update({variable: key for variable, key in zip(lacks, keys, strict=True) if key})


async def _key(client: PrefectClient, variable: str) -> str:
    """What the block holds; empty where there is none."""
    name = block_of(variable)
    try:
        document = await client.read_block_document_by_name(name, block_type_slug="secret", include_secrets=True)
    except ObjectNotFound:
        return ""
    key = document.data.get("value")
    if not isinstance(key, str):
        raise SettingsError({variable: f"the secret block {name} holds no text"}, "Save the key alone in it")
    return key.strip()
