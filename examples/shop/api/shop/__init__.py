"""The shop behind its web pages: products and orders in PostgreSQL."""
