-- Adds the owners of notes that are older than the table of owners.
INSERT INTO "owners" ("id", "rev") SELECT DISTINCT "user_id", 0 FROM "notes" ON CONFLICT ("id") DO NOTHING;
