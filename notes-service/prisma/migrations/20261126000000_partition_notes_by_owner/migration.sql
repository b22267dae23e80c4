CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- The letters of scripts that are written without spaces, such as Chinese, Japanese, Thai, Lao, Khmer and Burmese, and
-- Hangul, whose words are searched by their parts.
CREATE FUNCTION "notes_run_letters"() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN
        E'\u0E01-\u0E3A\u0E40-\u0E4E\u0E81-\u0EBD\u0EC0-\u0ECE\u0EDC-\u0EDF\u1000-\u103F\u1050-\u109D\u1100-\u11FF\u1780-\u17D3'
        '\u17D7\u17DC\u17DD\u3005\u3007\u3021-\u3029\u3038-\u303B\u3041-\u3096\u3099'
        '\u309A\u309D-\u309F\u30A1-\u30FA\u30FC-\u30FF\u3105-\u312F\u31A0-\u31BF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF'
        '\uA960-\uA97C\uA9E0-\uA9EF\uA9FA-\uA9FE\uAA60-\uAA7F\uAC00-\uD7A3\uD7B0-\uD7FB\uF900-\uFAFF\U00016FF0-\U00016FF6\U0001AFF0-\U0001B16F'
        '\U00020000-\U0003FFFD';

-- The marks that join letters, such as the virama, which PostgreSQL does not count as alphabetic.
CREATE FUNCTION "notes_joining_marks"() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN
        E'\u07EB-\u07F3\u07FD\u094D\u0951-\u0954\u09CD\u09FE\u0A4D\u0ACD\u0AFD-\u0AFF'
        '\u0B4D\u0B55\u0BCD\u0C4D\u0CCD\u0D3B\u0D3C\u0D4D\u0DCA'
        '\u0F18\u0F19\u0F35\u0F37\u0F39\u0F3E\u0F3F\u0F84\u0F86'
        '\u0F87\u0FC6\u1714\u1715\u1734\u1A60\u1A75-\u1A7C\u1A7F\u1B44'
        '\u1BAA\u1BAB\u1BF2\u1BF3\u2D7F\uA806\uA82C\uA8C4\uA8E0-\uA8F1'
        '\uA92B-\uA92D\uA953\uA9C0\uAAF6\uABEC\uABED';

-- Marks letters that people also write with a second one: "ä" as "ae", "ö" and "ø" as "oe", "ü" as "ue", "å" as "aa".
-- The letter after U+0001 is optional. So a note with "Müller" has the words "muller" and "mueller" at one place.
CREATE FUNCTION "notes_mark_optional"(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN octet_length($1) = char_length($1) THEN replace($1, E'\x01', ' ')
        ELSE regexp_replace(regexp_replace(normalize(translate($1, E'\x01øØ', ' öÖ'), NFD),
            E'([AOUaou])\u0308', E'\\1\x01e', 'g'), E'([Aa])\u030A', E'\\1\x01a', 'g') END;

-- Separates the words of a folded text by spaces. Digits are words of their own, and so is each symbol that is not ASCII,
-- such as an emoji. U+0002, between two texts, is a word as well.
CREATE FUNCTION "notes_separate"("folded" text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(regexp_replace("folded" COLLATE "pg_unicode_fast",
        '[0-9]+|[' || notes_run_letters() || E']+|\x02|[^[:alpha:][:punct:][:space:]' || notes_joining_marks() || E'\x01-\u009F]',
        ' \& ', 'g'),
        E'[[:punct:]\x03-\x1F\x21-\x2F\x3A-\x60\x7B-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+', ' ', 'g');

-- Makes a word of each letter of a script without spaces and the letter after it, so that every part of a text can be
-- found as a phrase.
CREATE FUNCTION "notes_pairs"("run" text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY(
        SELECT "letter" || coalesce(lead("letter") OVER (ORDER BY "index"), '')
        FROM unnest(string_to_array("run", NULL)) WITH ORDINALITY AS "letters"("letter", "index")
        ORDER BY "index"
    );

-- Splits a word after every 200 letters.
CREATE FUNCTION "notes_chunks"("word" text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY(
        SELECT "match"[1]
        FROM regexp_matches("word", E'(?:[^\x01](?:\x01.)?){1,200}', 'g') WITH ORDINALITY AS "matches"("match", "index")
        ORDER BY "index"
    );

CREATE FUNCTION "notes_divide"("words" text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY(
        WITH "all" AS MATERIALIZED (
            SELECT "word", "place",
                char_length("word") > 1 AND "word" ~ ('^[' || notes_run_letters() || ']') AS "is_run",
                char_length("word") > 200 AS "is_long"
            FROM unnest("words") WITH ORDINALITY AS "given"("word", "place")
        )
        SELECT "part" FROM (
            SELECT "word" AS "part", "place", 0 AS "index" FROM "all" WHERE NOT "is_run" AND NOT "is_long"
            UNION ALL
            SELECT "part", "place", "index" FROM "all",
                unnest(CASE WHEN "is_run" THEN notes_pairs("word") ELSE notes_chunks("word") END) WITH ORDINALITY AS "parts"("part", "index")
            WHERE "is_run" OR "is_long"
        ) AS "parts"
        ORDER BY "place", "index"
    );

-- Splits a folded text into its words, in their order.
CREATE FUNCTION "notes_words"("folded" text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT CASE WHEN "text" ~ ('[' || notes_run_letters() || ']|[^ ]{201}')
            THEN notes_divide(array_remove(string_to_array("text", ' '), ''))
            ELSE array_remove(string_to_array("text", ' '), '') END
        FROM notes_separate("folded") AS "text"
    );

-- The first words that a tsvector of at most a megabyte can hold. A word takes its bytes and up to five more, and one with
-- optional letters twice as many.
CREATE FUNCTION "notes_storable"("words" text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY(
        SELECT "word" FROM (
            SELECT "word", "place", sum((octet_length("word") + octet_length("word") % 2 + 4)
                * (1 + least(strpos("word", E'\x01'), 1))) OVER (ORDER BY "place") AS "bytes"
            FROM unnest("words") WITH ORDINALITY AS "all"("word", "place")
        ) AS "measured"
        WHERE "bytes" < 1040000
        ORDER BY "place"
    );

-- PostgreSQL cannot store all places of many words: places end at 16383, and a lexeme has at most 255. So a text of more
-- words gets the lexeme "long text", and a lexeme with more places gets another one with " many" after it. There a search
-- accepts the words of a phrase at any places.
CREATE FUNCTION "notes_without_places"("words" text[]) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT concat_ws(' ', string_agg('''' || "lexeme" || ' many''', ' '),
            CASE WHEN cardinality("words") > 16382 THEN '''long text''' END)
        FROM (
            SELECT "lexeme" FROM (
                SELECT CASE WHEN strpos("word", E'\x01') = 0 THEN "word" ELSE regexp_replace("word", E'\x01.', '', 'g') END AS "lexeme"
                FROM unnest("words") AS "word"
                UNION ALL
                SELECT replace("word", E'\x01', '') FROM unnest("words") AS "word" WHERE strpos("word", E'\x01') > 0
            ) AS "lexemes"
            WHERE "lexeme" <> E'\x02'
            GROUP BY "lexeme" HAVING count(*) > 255
        ) AS "frequent"
    );

-- The words of title, tags and content, apart by U+0002 at two places, as a tsvector. A word with optional letters is there
-- twice, without and with all of them.
CREATE FUNCTION "notes_places"("words" text[], "tags" int, "content" int) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT concat_ws(' ', string_agg(
            CASE WHEN strpos("word", E'\x01') = 0 THEN '''' || "word" || "place"
                ELSE '''' || regexp_replace("word", E'\x01.', '', 'g') || "place" || ' ''' || replace("word", E'\x01', '') || "place"
            END, ' '),
            CASE WHEN cardinality("words") > 255 THEN notes_without_places("words") END)::tsvector
        FROM (
            SELECT "word", ''':' || "index" || CASE WHEN "index" < "tags" THEN 'A' WHEN "index" < "content" THEN 'B' ELSE '' END AS "place"
            FROM unnest("words") WITH ORDINALITY AS "all"("word", "index")
            WHERE "word" <> E'\x02'
        ) AS "placed"
    );

-- The search vector of a note. Five U+0002 keep title, tags and content apart, so that no phrase reaches from one into the
-- next, not even with a slip. Where characters become several, as in "㍿", the fold can be longer than the text.
CREATE FUNCTION "notes_vector"("title" text, "tags" text[], "content" text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (
        SELECT notes_places(
            CASE WHEN octet_length("content") < 50000 OR octet_length(array_to_string("words", '')) + 5 * cardinality("words") < 500000
                THEN "words" ELSE notes_storable("words") END,
            array_position("words", E'\x02'),
            array_position("words", E'\x02', array_position("words", E'\x02') + 5))
        FROM notes_words(left(notes_fold(notes_mark_optional(concat_ws(repeat(E'\x02', 5),
            replace("title", E'\x02', ' '),
            replace(coalesce(array_to_string("tags", ' '), ''), E'\x02', ' '),
            replace("content", E'\x02', ' ')))), 200000)) AS "words"
    );

-- The table is partitioned by owner, so that the cost of a search depends on the notes of its owner. The functions
-- notes_plain and notes_any remain for instances of the version before.
DROP INDEX "notes_user_id_updated_at_id_archived_pinned_idx", "notes_user_id_created_at_id_idx",
    "notes_user_id_title_id_idx", "notes_user_id_tags_tsv_idx";
ALTER TABLE "notes" RENAME TO "notes_before";
ALTER INDEX "notes_pkey" RENAME TO "notes_before_pkey";

CREATE TABLE "notes" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "title" TEXT NOT NULL COLLATE "notes_title",
    "content" TEXT NOT NULL,
    "tags" TEXT[],
    "pinned" BOOLEAN NOT NULL,
    "archived" BOOLEAN NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "tsv" tsvector GENERATED ALWAYS AS (notes_vector("title", "tags", "content")) STORED
) PARTITION BY HASH ("user_id");

DO $$
BEGIN
    FOR "remainder" IN 0..31 LOOP
        EXECUTE format('CREATE TABLE "notes_%s" PARTITION OF "notes" FOR VALUES WITH (MODULUS 32, REMAINDER %s)',
            "remainder", "remainder");
    END LOOP;
END $$;

INSERT INTO "notes" ("id", "user_id", "title", "content", "tags", "pinned", "archived", "version", "created_at", "updated_at")
SELECT "id", "user_id", "title", "content", "tags", "pinned", "archived", "version", "created_at", "updated_at"
FROM "notes_before";

DROP TABLE "notes_before";
DROP FUNCTION "notes_tsv";
DROP TEXT SEARCH CONFIGURATION "notes";

ALTER TABLE "notes" ADD CONSTRAINT "notes_pkey" PRIMARY KEY ("user_id", "id");
CREATE INDEX "notes_user_id_updated_at_id_archived_pinned_idx" ON "notes"("user_id", "updated_at", "id", "archived", "pinned");
CREATE INDEX "notes_user_id_created_at_id_idx" ON "notes"("user_id", "created_at", "id");
CREATE INDEX "notes_user_id_title_id_idx" ON "notes"("user_id", "title", "id");
CREATE INDEX "notes_user_id_tags_tsv_idx" ON "notes" USING GIN ("user_id", "tags", "tsv") WITH (fastupdate = off);

ANALYZE "notes";
