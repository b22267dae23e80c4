CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- Words in any language without accents: no stemming, no stop words.
CREATE TEXT SEARCH CONFIGURATION "notes" (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION "notes"
    ALTER MAPPING FOR word, numword, hword, hword_part, numhword, hword_numpart WITH unaccent, simple;

-- PostgreSQL limits a word to 2046 bytes before the dictionaries run, but a dictionary can make it longer: "Ⅷ" becomes
-- "viii", and a run of those exceeds the memory of the server. So the words of the parser are split after every 200
-- characters. That leaves ten bytes for each, and none needs more than five. The function is immutable in fact,
-- although ts_parse with the name of a parser is not declared immutable.
CREATE FUNCTION "notes_cut"(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN $1 ~ '[^\x01-\x20]{201}' THEN (
        SELECT string_agg(regexp_replace("token", '(.{200})(?=.)', E'\\1\x0e', 'g'), '' ORDER BY "place")
        FROM ts_parse('default', $1) WITH ORDINALITY AS "words"("kind", "token", "place")
    ) ELSE $1 END;

-- Replaces each character that makes the parser see an address, a path, a number or a tag instead of words by its own
-- control character. No angle bracket remains, so all angle brackets of a headline come from its marks. Such control
-- characters in a note become spaces.
CREATE FUNCTION "notes_plain"(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN notes_cut(
        translate($1, E'&<>./-+@\x01\x02\x03\x04\x05\x06\x07\x08\x0e', E'\x01\x02\x03\x04\x05\x06\x07\x08         ')
    );

-- Immutable in fact for an array of text, although array_to_string is not declared immutable. A valid note fills at most
-- half of the megabyte that a tsvector can hold.
CREATE FUNCTION "notes_tsv"("title" text, "tags" text[], "content" text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN setweight(to_tsvector('notes', notes_plain("title")), 'A')
        || setweight(to_tsvector('notes', notes_plain(coalesce(array_to_string("tags", ' '), ''))), 'B')
        || setweight(to_tsvector('notes', notes_plain("content")), 'D');

-- Turns a query into "any of its words": negated words are dropped, phrases are split. Ranking by a query whose words
-- must all match takes time quadratic in the positions. Ranking by this one does not. In the text of a query each word
-- is in single quotes, and quotes inside a word are doubled.
CREATE FUNCTION "notes_any"(tsquery) RETURNS tsquery
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT string_agg(DISTINCT "part"[1], ' | ')::tsquery
        FROM regexp_matches($1::text, $$!+\((?:'(?:[^']|'')*'|[^')])*\)|!*'(?:[^']|'')*'(?::\*)?$$, 'g') AS "part"
        WHERE "part"[1] NOT LIKE '!%'
    );

ALTER TABLE "notes"
    -- Dictionary order, in which accents and case are the last criteria.
    ALTER COLUMN "title" TYPE TEXT COLLATE "und-x-icu",
    ADD COLUMN "tsv" tsvector GENERATED ALWAYS AS (notes_tsv("title", "tags", "content")) STORED;

DROP INDEX "notes_user_id_updated_at_id_idx";

CREATE INDEX "notes_user_id_updated_at_id_archived_pinned_idx" ON "notes"("user_id", "updated_at", "id", "archived", "pinned");
CREATE INDEX "notes_user_id_created_at_id_idx" ON "notes"("user_id", "created_at", "id");
CREATE INDEX "notes_user_id_title_id_idx" ON "notes"("user_id", "title", "id");
CREATE INDEX "notes_user_id_tags_tsv_idx" ON "notes" USING GIN ("user_id", "tags", "tsv");
