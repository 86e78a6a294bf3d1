"""The design system: tokens, components, page frames, forms and browser modules that every desk uses."""
