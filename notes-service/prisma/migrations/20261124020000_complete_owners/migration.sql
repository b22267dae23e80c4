-- Everybody who has notes is an owner, those from before there were owners, too.
INSERT INTO "owners" ("id", "rev") SELECT DISTINCT "user_id", 0 FROM "notes" ON CONFLICT ("id") DO NOTHING;
