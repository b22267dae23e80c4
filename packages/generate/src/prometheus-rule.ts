const header = `# Generated from deploy/observability/alerts.yml by "npm run generate".
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: polyglot-notes
spec:
`;

/** The alerts of a rule file of Prometheus, as an object of the Prometheus Operator. */
export const prometheusRule = (alerts: string): string =>
  header + alerts.slice(alerts.indexOf('groups:')).replace(/^(?=.)/gm, '  ');
