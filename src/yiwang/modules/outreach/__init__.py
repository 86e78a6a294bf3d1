"""What the center asks of people and tells them about itself: how far they trust it."""
