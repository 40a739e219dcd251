"""The site as a whole: rendering, fingerprint, lineage."""
