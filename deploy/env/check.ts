// Refuses missing values and placeholders before a container uses them.
import { faults } from './faults.ts';

const found = faults(process.env);
if (found.length > 0) {
  console.error(`These values in .env are not valid:\n${found.join('\n')}`);
  console.error('This fills in the empty secrets: docker compose -f deploy/env.yml run --rm make-env');
  process.exitCode = 1;
} else {
  console.log('All secrets are set.');
}
