"""Official papers as PDF: fonts, blocks, layout, rendering. Nothing here knows a model."""
