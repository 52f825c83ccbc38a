"""The API over HTTPS: an aiohttp application in front of Objects."""
