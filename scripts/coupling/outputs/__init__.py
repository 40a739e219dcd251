"""What marts are turned into: Parquet, workbooks, comparisons, revisions."""
