"""Case data: what many plans show together, without showing any one of them."""
