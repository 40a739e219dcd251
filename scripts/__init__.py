"""The command line of Coupling Warehouse: check, build, export, report, publish."""
