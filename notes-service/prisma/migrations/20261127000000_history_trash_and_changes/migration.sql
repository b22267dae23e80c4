-- A note in the trash has "deleted_at" and is in none of the indexes of lists and searches. "rev" is the owner's revision of
-- its last change, and "changed_at" the time of that change; notes that have not changed since this migration have none.
DROP INDEX "notes_user_id_updated_at_id_archived_pinned_idx", "notes_user_id_created_at_id_idx",
    "notes_user_id_title_id_idx", "notes_user_id_tags_tsv_idx";
ALTER TABLE "notes"
    ADD COLUMN "deleted_at" TIMESTAMPTZ(3),
    ADD COLUMN "changed_at" TIMESTAMPTZ(3),
    ADD COLUMN "rev" BIGINT NOT NULL DEFAULT 0;
CREATE INDEX "notes_user_id_updated_at_id_archived_pinned_idx" ON "notes"("user_id", "updated_at", "id", "archived", "pinned") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_user_id_created_at_id_idx" ON "notes"("user_id", "created_at", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_user_id_title_id_idx" ON "notes"("user_id", "title", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_user_id_tags_tsv_idx" ON "notes" USING GIN ("user_id", "tags", "tsv") WITH (fastupdate = off) WHERE "deleted_at" IS NULL;
CREATE INDEX "notes_user_id_deleted_at_id_idx" ON "notes"("user_id", "deleted_at", "id") WHERE "deleted_at" IS NOT NULL;
CREATE INDEX "notes_user_id_rev_id_idx" ON "notes"("user_id", "rev", "id");

-- The size of a text in the storage of its owner.
CREATE FUNCTION "notes_bytes"("title" text, "content" text, "tags" text[]) RETURNS int
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(octet_length("title"), 0) + coalesce(octet_length("content"), 0)
        + coalesce(octet_length(array_to_string("tags", '')), 0);

-- An earlier version of a note. A text that the next version has too is null.
CREATE TABLE "note_versions" (
    "user_id" UUID NOT NULL,
    "note_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "title" TEXT,
    "content" TEXT,
    "tags" TEXT[],
    "pinned" BOOLEAN NOT NULL,
    "archived" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "bytes" INTEGER NOT NULL,

    CONSTRAINT "note_versions_pkey" PRIMARY KEY ("user_id", "note_id", "version")
);

-- Tells readers of the changes that a note is gone. "version" is its last one: a note that comes back with an import has a
-- later one, so that no entity tag is used twice.
CREATE TABLE "destroyed_notes" (
    "user_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "rev" BIGINT NOT NULL,
    "destroyed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "destroyed_notes_pkey" PRIMARY KEY ("user_id", "id")
);
CREATE INDEX "destroyed_notes_user_id_rev_id_idx" ON "destroyed_notes"("user_id", "rev", "id");
CREATE INDEX "destroyed_notes_destroyed_at_idx" ON "destroyed_notes"("destroyed_at");

-- A request that has been carried out, with its answer. An import that is not finished has its progress instead.
CREATE TABLE "idempotency_keys" (
    "user_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "status" INTEGER,
    "headers" JSONB,
    "body" TEXT,
    "progress" JSONB,
    "bytes" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("user_id", "key")
);
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- What an owner has stored. "bytes" is the size of the texts of all notes, the trash included, and of all versions;
-- "answer_bytes" that of the answers that are kept for idempotency keys.
ALTER TABLE "owners"
    ADD COLUMN "notes" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "trashed" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "versions" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "bytes" BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN "answer_bytes" BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN "pruned_rev" BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN "erased_trashed" INTEGER,
    ADD COLUMN "erased_versions" INTEGER,
    ADD COLUMN "erased_keys" INTEGER;
UPDATE "owners" SET "erased_trashed" = 0, "erased_versions" = 0, "erased_keys" = 0 WHERE "erased_at" IS NOT NULL;
UPDATE "owners" SET "notes" = "counted"."notes", "bytes" = "counted"."bytes"
FROM (
    SELECT "user_id", count(*) AS "notes", sum(notes_bytes("title", "content", "tags")) AS "bytes" FROM "notes" GROUP BY "user_id"
) AS "counted"
WHERE "counted"."user_id" = "owners"."id";
CREATE INDEX "owners_with_trash_idx" ON "owners"("id") WHERE "trashed" > 0;

ANALYZE "notes", "owners";
