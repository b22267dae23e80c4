// Jest's globalSetup for the tests of the services: real databases, told to the tests by the environment.
import { testDatabases } from './databases.ts';

export default async function setup(): Promise<void> {
  const { mongoUrl, mongoPrefix, notesTemplateUrl } = await testDatabases();
  process.env['TEST_MONGODB_URL'] = mongoUrl;
  process.env['TEST_MONGODB_PREFIX'] = mongoPrefix;
  process.env['TEST_NOTES_TEMPLATE_URL'] = notesTemplateUrl;
}
