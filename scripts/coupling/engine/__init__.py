"""The models of dbt, worked out for one study without dbt."""
