// Refuses values that are missing or nobody's secret, before any container has been set up with them.
import { faults } from './faults.ts';

const found = faults(process.env);
if (found.length > 0) {
  console.error(`In .env these will not do:\n${found.join('\n')}`);
  console.error(
    'A secret that is left empty is filled in by: docker compose -f deploy/env.yml run --rm make-env',
  );
  process.exitCode = 1;
} else {
  console.log('All secrets are set.');
}
