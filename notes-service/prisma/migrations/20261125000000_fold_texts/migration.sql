-- The digits of every living script as ASCII digits. A fraction does not join the number before it, nor a trademark sign
-- the word.
CREATE FUNCTION "notes_digits"(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN translate(regexp_replace($1, '([¼-¾⅐-⅟↉])', ' \1', 'g'),
        '™℠٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹߀߁߂߃߄߅߆߇߈߉०१२३४५६७८९০১২৩৪৫৬৭৮৯੦੧੨੩੪੫੬੭੮੯૦૧૨૩૪૫૬૭૮૯୦୧୨୩୪୫୬୭୮୯௦௧௨௩௪௫௬௭௮௯౦౧౨౩౪౫౬౭౮౯೦೧೨೩೪೫೬೭೮೯൦൧൨൩൪൫൬൭൮൯෦෧෨෩෪෫෬෭෮෯๐๑๒๓๔๕๖๗๘๙໐໑໒໓໔໕໖໗໘໙༠༡༢༣༤༥༦༧༨༩၀၁၂၃၄၅၆၇၈၉႐႑႒႓႔႕႖႗႘႙០១២៣៤៥៦៧៨៩᠐᠑᠒᠓᠔᠕᠖᠗᠘᠙᥆᥇᥈᥉᥊᥋᥌᥍᥎᥏᧐᧑᧒᧓᧔᧕᧖᧗᧘᧙᪀᪁᪂᪃᪄᪅᪆᪇᪈᪉᪐᪑᪒᪓᪔᪕᪖᪗᪘᪙᭐᭑᭒᭓᭔᭕᭖᭗᭘᭙᮰᮱᮲᮳᮴᮵᮶᮷᮸᮹᱀᱁᱂᱃᱄᱅᱆᱇᱈᱉᱐᱑᱒᱓᱔᱕᱖᱗᱘᱙꘠꘡꘢꘣꘤꘥꘦꘧꘨꘩꣐꣑꣒꣓꣔꣕꣖꣗꣘꣙꤀꤁꤂꤃꤄꤅꤆꤇꤈꤉꧐꧑꧒꧓꧔꧕꧖꧗꧘꧙꧰꧱꧲꧳꧴꧵꧶꧷꧸꧹꩐꩑꩒꩓꩔꩕꩖꩗꩘꩙꯰꯱꯲꯳꯴꯵꯶꯷꯸꯹',
        '  01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789');

-- Texts that a reader takes for the same words become the same text. The order matters:
--   1. Digits become ASCII digits. Accents used as apostrophes become ', because they decompose in the next step.
--   2. Compatible characters decompose, such as ligatures, fullwidth letters and letters with accents.
--   3. Format characters, accents, the vowel points of Arabic and Hebrew, and the tatweel are dropped. The vowel signs,
--      viramas and tone marks of Indic and Southeast Asian scripts stay, and so do the voicing marks of kana.
--   4. Apostrophes of every kind become '.
--   5. Case is folded, also after unaccent has replaced letters that do not decompose, such as "ł" and "ø".
--   6. Arabic letters that keyboards mix up become one. Hangul and kana are composed again.
-- The function is immutable in fact, although unaccent is not declared immutable, because its dictionary is a file.
CREATE FUNCTION "notes_fold"(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN octet_length($1) = char_length($1)
        THEN casefold(replace($1, '`', '''') COLLATE "pg_unicode_fast")
        ELSE normalize(translate(casefold(unaccent('unaccent', casefold(regexp_replace(regexp_replace(normalize(
            regexp_replace(notes_digits($1), E'[\u00B4\u0384\u1FBD\u1FBF\u1FEF\u1FFD\u1FFE]', '''', 'g'), NFKD),
            -- Format characters, variation selectors and fillers.
            E'[\u00AD\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F'
            '\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000110BD\U000110CD'
            '\U00013430-\U0001343F\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF'
            -- Marks of Latin, Greek, Cyrillic, Hebrew, Arabic, Syriac, Samaritan, Mandaic and Ethiopic.
            '\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670'
            '\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u0711\u0730-\u074A\u0816-\u0819\u081B-\u0823\u0825-\u0827'
            '\u0829-\u082D\u0859-\u085B\u0897-\u089F\u08CA-\u08E1\u08E3-\u08FF\u135D-\u135F\u1AB0-\u1AEB\u1CD0-\u1CD2'
            '\u1CD4-\u1CE0\u1CE2-\u1CE8\u1CED\u1CF4\u1CF8\u1CF9\u1DC0-\u1DFF\u20D0-\u20F0\u2DE0-\u2DFF\u302A-\u302D'
            '\uA66F-\uA672\uA674-\uA67D\uA69E\uA69F\uFB1E\uFE20-\uFE2F\U00010EFA-\U00010EFF'
            -- Nuktas.
            '\u093C\u09BC\u0A3C\u0ABC\u0B3C\u0C3C\u0CBC\u1B34\u1BE6\u1C37\uA9B3\U000110BA\U00011173\U000111CA\U00011236'
            '\U000112E9\U0001133B\U0001133C\U00011446\U000114C3\U000115C0\U000116B7\U0001183A\U00011943\U0001E94A]+',
            '', 'g'),
            E'[`\u02B9\u02BB-\u02BF\u02C8\u02CA\u02CB\u0374\u055A\u05F3\u05F4\u07F4\u07F5\u2018-\u201B\u2032\u2035\uA78B\uA78C]',
            '''', 'g')
        COLLATE "pg_unicode_fast")) COLLATE "pg_unicode_fast"), E'\u0649\u06CC\u06A9\u0629', E'\u064A\u064A\u0643\u0647'), NFC) END;

-- As before, but of the folded texts. The configuration "notes" remains for instances of the version before. Where
-- characters become several, as in "㍿", the fold of a valid content could exceed the megabyte that a tsvector can hold.
-- With this limit it needs 700,000 bytes at most.
CREATE OR REPLACE FUNCTION "notes_tsv"("title" text, "tags" text[], "content" text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN setweight(to_tsvector('pg_catalog.simple', notes_plain(notes_fold("title"))), 'A')
        || setweight(
            to_tsvector('pg_catalog.simple', notes_plain(notes_fold(coalesce(array_to_string("tags", ' '), '')))), 'B'
        )
        || setweight(to_tsvector('pg_catalog.simple', notes_plain(left(notes_fold("content"), 200000))), 'D');

-- Dictionary order in which "Note 2" precedes "Note 10".
CREATE COLLATION "notes_title" (provider = icu, locale = 'und-u-kn');

-- The type of a column cannot change while a generated column depends on it. One statement rewrites the table once.
ALTER TABLE "notes"
    DROP COLUMN "tsv",
    ALTER COLUMN "title" TYPE TEXT COLLATE "notes_title",
    ADD COLUMN "tsv" tsvector GENERATED ALWAYS AS (notes_tsv("title", "tags", "content")) STORED;

-- The index was dropped with the column.
CREATE INDEX "notes_user_id_tags_tsv_idx" ON "notes" USING GIN ("user_id", "tags", "tsv");
