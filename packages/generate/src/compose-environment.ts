import type { Setting } from './settings.ts';

const makeEnv = 'make .env first (docker compose -f deploy/env.yml run --rm make-env)';

/** Lines of the `environment:` of a service in a compose file; an empty value is one that is not set. */
export const composeEnvironment = (settings: readonly Setting[]): string[] =>
  settings
    .filter(({ isForOperators }) => isForOperators)
    .map(({ name, isRequired }) => (isRequired ? `${name}: \${${name}}` : `${name}: \${${name}:-}`));

/** The same for the container that ends the start while a secret is missing. */
export const composeChecks = (secrets: readonly Setting[]): string[] =>
  secrets.map(({ name }) => `${name}: \${${name}:?${makeEnv}}`);
