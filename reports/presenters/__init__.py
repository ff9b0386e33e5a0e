"""What the unit's pages show: dataclasses between the report engine and the templates."""
