// Jest's globalSetup for tests on real databases and a mail catcher, whose addresses the tests get by the environment.
import { testDatabases } from './databases.ts';

export default async function setup(): Promise<void> {
  const { mongoUrl, mongoPrefix, notesTemplateUrl, smtpUrl, mailUrl } = await testDatabases();
  process.env['TEST_MONGODB_URL'] = mongoUrl;
  process.env['TEST_MONGODB_PREFIX'] = mongoPrefix;
  process.env['TEST_NOTES_TEMPLATE_URL'] = notesTemplateUrl;
  process.env['TEST_SMTP_URL'] = smtpUrl;
  process.env['TEST_MAIL_URL'] = mailUrl;
}
