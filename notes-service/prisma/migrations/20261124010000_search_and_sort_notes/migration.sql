CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- Words in any language, without accents: no stemming, no stop words.
CREATE TEXT SEARCH CONFIGURATION "notes" (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION "notes"
    ALTER MAPPING FOR word, numword, hword, hword_part, numhword, hword_numpart WITH unaccent, simple;

-- PostgreSQL looks at a word's 2046 bytes before its dictionaries, which may make more of it: of "Ⅷ" they make "viii",
-- and a row of those overruns the memory of the server. So the words of its parser are cut after each 200 characters:
-- there is room for ten bytes of each, and none takes more than five. Immutable in fact, though the way to the parser
-- by its name is not declared so.
CREATE FUNCTION "notes_cut"(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN $1 ~ '[^\x01-\x20]{201}' THEN (
        SELECT string_agg(regexp_replace("token", '(.{200})(?=.)', E'\\1\x0e', 'g'), '' ORDER BY "place")
        FROM ts_parse('default', $1) WITH ORDINALITY AS "words"("kind", "token", "place")
    ) ELSE $1 END;

-- What makes the parser see an address, a path, a number or a tag where people see words becomes a control character,
-- one for one. That leaves no angle bracket either, so those around a match in a headline are the headline's own. A
-- note's own characters of that kind become blanks.
CREATE FUNCTION "notes_plain"(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN notes_cut(
        translate($1, E'&<>./-+@\x01\x02\x03\x04\x05\x06\x07\x08\x0e', E'\x01\x02\x03\x04\x05\x06\x07\x08         ')
    );

-- Immutable in fact, though array_to_string is not declared so: the elements are texts. No valid note makes more than
-- half of the megabyte that a tsvector may hold.
CREATE FUNCTION "notes_tsv"("title" text, "tags" text[], "content" text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN setweight(to_tsvector('notes', notes_plain("title")), 'A')
        || setweight(to_tsvector('notes', notes_plain(coalesce(array_to_string("tags", ' '), ''))), 'B')
        || setweight(to_tsvector('notes', notes_plain("content")), 'D');

-- Any of the words that a query wants: what it denies is dropped, phrases are taken apart. Ranking takes time by the
-- square of the positions for a query of words that must all be there, but not for this one. In a query's text a word
-- is in single quotes, which are doubled inside of it.
CREATE FUNCTION "notes_any"(tsquery) RETURNS tsquery
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT string_agg(DISTINCT "part"[1], ' | ')::tsquery
        FROM regexp_matches($1::text, $$!+\((?:'(?:[^']|'')*'|[^')])*\)|!*'(?:[^']|'')*'(?::\*)?$$, 'g') AS "part"
        WHERE "part"[1] NOT LIKE '!%'
    );

ALTER TABLE "notes"
    -- The order of dictionaries, where case and accents decide last.
    ALTER COLUMN "title" TYPE TEXT COLLATE "und-x-icu",
    ADD COLUMN "tsv" tsvector GENERATED ALWAYS AS (notes_tsv("title", "tags", "content")) STORED;

DROP INDEX "notes_user_id_updated_at_id_idx";

CREATE INDEX "notes_user_id_updated_at_id_archived_pinned_idx" ON "notes"("user_id", "updated_at", "id", "archived", "pinned");
CREATE INDEX "notes_user_id_created_at_id_idx" ON "notes"("user_id", "created_at", "id");
CREATE INDEX "notes_user_id_title_id_idx" ON "notes"("user_id", "title", "id");
CREATE INDEX "notes_user_id_tags_tsv_idx" ON "notes" USING GIN ("user_id", "tags", "tsv");
