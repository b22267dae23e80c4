import { readPage } from '@polyglot-notes/service-kit';
import type { Reader } from '../database.ts';
import { Tag } from '../notes/notes.schemas.ts';
import type { WriteAsOwner } from '../owners/owner-writes.ts';
import type { Share } from '../shares.ts';
import { createTagsRepository, replaceTag, type TagRow } from './tags.repository.ts';
import { maxListedTags } from './tags.schemas.ts';

export interface TagsDependencies {
  listDb: Reader;
  listShare: Share;
  /** For changes of many notes. */
  writeLong: WriteAsOwner;
}

export type TagsService = ReturnType<typeof createTagsService>;

export function createTagsService({ listDb, listShare, writeLong }: TagsDependencies) {
  const tags = createTagsRepository(listDb);
  return {
    page: (userId: string, cursor: string | undefined) =>
      listShare(userId, async () => {
        const query = { limit: maxListedTags, cursor, total: false };
        const { rows, page } = await readPage(query, {
          filter: 'tags',
          position: Tag,
          positionOf: ({ tag }: TagRow) => tag,
          read: (window) => tags.page(userId, window),
          count: () => Promise.resolve(0),
        });
        return { items: rows, page };
      }),

    /** Gives all notes outside the trash that have a tag another one instead. Returns how many changed. */
    rename: async (userId: string, tag: string, name: string): Promise<number> =>
      tag === name ? 0 : writeLong(userId, (write) => replaceTag(write, tag, name)),

    remove: (userId: string, tag: string): Promise<number> =>
      writeLong(userId, (write) => replaceTag(write, tag, undefined)),
  };
}
