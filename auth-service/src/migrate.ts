import { runMigrations } from '@polyglot-notes/mongo-kit';
import { migrations } from './migrations.ts';

await runMigrations('micro-auth-db', migrations);
