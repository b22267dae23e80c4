-- Run after a restore. Clients may know later revisions than the restored ones, so every cursor of changes expires.
UPDATE owners SET rev = rev + 1000000000, pruned_rev = rev + 1000000000;
