"""The CronJob: what was ordered in the last day."""

from contextlib import closing

from shop import database


def main() -> None:
    with closing(database.connect()) as connection:
        for product, count in sorted(database.ordered(connection).items()):
            print(f"{count:6} {product}")


if __name__ == "__main__":
    main()
