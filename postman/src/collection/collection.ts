import { everyResponse } from './every-response.ts';
import { operationsOf, readDocument, type Operation } from './operations.ts';
import { linesOf } from './lines.ts';
import { bearer, requestItem, script } from './request.ts';
import { refreshLines } from './session.ts';
import { isFolder, stepsOf, withAllOperations, type Folder, type Story } from './story.ts';

/**
 * The Postman collection (v2.1) of an API: the requests of the story, and one for each operation whose success the story
 * does not show. Throws when an operation fits into no folder.
 */
export function postmanCollection(openApiDocument: unknown, story: Story): object {
  const document = readDocument(openApiDocument);
  const operations = operationsOf(document);
  const item = withAllOperations(story, operations).map((folder) => folderItem(folder, operations, 'token'));
  const variables = new Set(
    [...JSON.stringify(item).matchAll(/pm\.collectionVariables\.set\('(\w+)'/g)].map(([, name]) => name),
  );
  const tokens = new Set(stepsOf(story.folders).flatMap(({ saveTokens = [] }) => saveTokens));
  return {
    info: {
      name: story.name,
      description: story.description,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    item,
    auth: bearer('token'),
    event: [script('prerequest', refreshLines([...tokens])), script('test', linesOf(everyResponse))],
    variable: [
      ...[...variables].map((key) => ({ key, value: '' })),
      ...Object.entries(story.constants).map(([key, value]) => ({ key, value })),
    ],
  };
}

function folderItem(folder: Folder, operations: readonly Operation[], inherited: string): object {
  const { name, description, as = inherited, steps } = folder;
  return {
    name,
    description,
    item: steps.map((part) =>
      isFolder(part) ? folderItem(part, operations, as) : requestItem(part, operations, as),
    ),
  };
}
