"""The specification as data: schemas, registry, codes, the life cycle; the one place that knows where they lie."""
