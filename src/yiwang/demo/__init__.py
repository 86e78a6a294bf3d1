"""The demo city, the player that takes tenders through their lives, and the replay of real auctions."""
