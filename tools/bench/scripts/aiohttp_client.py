"""Requests made concurrently with aiohttp: URL, how many, how many at once."""

import asyncio
import sys

import aiohttp


async def main(url, count, concurrency):
    left = iter(range(count))
    connector = aiohttp.TCPConnector(limit=concurrency)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def work():
            for _ in left:
                async with session.get(url) as response:
                    await response.read()
                    assert response.status == 200

        await asyncio.gather(*(work() for _ in range(concurrency)))


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
