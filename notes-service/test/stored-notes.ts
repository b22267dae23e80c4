/**
 * Finds what is wrong in the tables of notes-service: counters that differ from a recount, versions without a note, more
 * versions than `$1`, notes that are destroyed and there, and halves of an idempotency key. Unless `$2`, no note has come
 * with an import, after which numbers of versions may be missing: then these are all versions before the current one.
 */
export const notesFaultsSql = `
  with texts as (
    select user_id, notes_bytes(title, content, tags) as bytes, (deleted_at is null)::int as notes,
      (deleted_at is not null)::int as trashed, 0 as versions from notes
    union all
    select user_id, notes_bytes(title, content, tags), 0, 0, 1 from note_versions
  ), recount as (
    select user_id, sum(bytes) as bytes, sum(notes) as notes, sum(trashed) as trashed, sum(versions) as versions
    from texts group by user_id
  )
  select 'wrong counters of owner ' || owners.id || ': ' || concat_ws(' ', owners.notes, owners.trashed, owners.bytes,
      owners.versions, 'instead of', recount.notes, recount.trashed, recount.bytes, recount.versions) as fault
  from owners left join recount on user_id = id
  where (owners.notes, owners.trashed, owners.bytes, owners.versions) is distinct from
    (coalesce(recount.notes, 0), coalesce(recount.trashed, 0), coalesce(recount.bytes, 0), coalesce(recount.versions, 0))
  union all
  select 'wrong size of a version of ' || note_id from note_versions where bytes <> notes_bytes(title, content, tags)
  union all
  select 'versions without a note: ' || note_id from note_versions
  where not exists (select from notes where notes.user_id = note_versions.user_id and id = note_id)
  union all
  select 'not the versions before the current one: ' || id
  from notes cross join lateral (
    select count(*) as stored, max(note_versions.version) as newest from note_versions
    where note_versions.user_id = notes.user_id and note_id = id
  ) as earlier
  where stored > $1::int or newest >= version
    or (not $2::boolean and (stored <> least(version - 1, $1::int) or newest <> version - 1))
  union all
  select 'destroyed, and there: ' || notes.id from notes join destroyed_notes using (user_id, id)
  union all
  select 'a later revision than the owner: ' || notes.id from notes join owners on owners.id = user_id
  where notes.rev > owners.rev
  union all
  select 'a key without answer and progress: ' || key from idempotency_keys where status is null and progress is null
  union all
  select 'wrong size of the answer to ' || key from idempotency_keys where bytes <> octet_length(body)
  union all
  select 'wrong size of the kept answers of ' || id || ': ' || answer_bytes
  from owners left join (select user_id as id, sum(bytes) as bytes from idempotency_keys group by user_id) as kept using (id)
  where answer_bytes <> coalesce(kept.bytes, 0)`;
