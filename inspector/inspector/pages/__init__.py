"""What the pages show: section data of the snapshot, put in the order that a reader wants."""
