"""What the app knows and does about an opened project, besides scanning it."""
