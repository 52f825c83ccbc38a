"""The team's own."""

import boto3
from invoke import task


@task
def lint(c):
    """Our own lint."""
    boto3.client("s3")


@task
def seed(c):
    """Fill the database."""
