import type { Setting } from './settings.ts';

/** Lines of the `env:` of a container: a setting comes from the ConfigMap `settings`, a secret from the Secret `secrets`. */
export const kubernetesEnvironment = (settings: readonly Setting[]): string[] =>
  settings
    .filter(({ isForOperators }) => isForOperators)
    .flatMap(({ name, isSecret, isRequired }) => {
      const from = isSecret ? 'secretKeyRef: { name: secrets' : 'configMapKeyRef: { name: settings';
      const optional = isRequired ? '' : ', optional: true';
      return [`- name: ${name}`, '  valueFrom:', `    ${from}, key: ${name}${optional} }`];
    });
