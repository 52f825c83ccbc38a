"""The API over HTTPS: an aiohttp application that asks Objects."""
