// Refuses secrets that are missing or nobody's secret, before any container has been set up with them.
import { faultOf, secretNames } from './secrets.ts';

const faults = secretNames.flatMap((name) => {
  const fault = faultOf(name, process.env[name]);
  return fault === undefined ? [] : [`  ${name} ${fault}`];
});

if (faults.length > 0) {
  console.error(`.env does not do:\n${faults.join('\n')}`);
  console.error(
    'Leave a secret empty, and `docker compose -f deploy/env.yml run --rm make-env` fills it in.',
  );
  process.exitCode = 1;
} else {
  console.log('All secrets are set.');
}
