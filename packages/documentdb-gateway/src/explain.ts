import { BSON, type Document } from 'bson';
import type { Command } from './command.ts';
import { CommandError } from './errors.ts';
import type { Storage } from './storage.ts';

interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Plan[];
}

/** Runs a `find` and describes it in the form of MongoDB's `explain`, as far as PostgreSQL's plan tells. */
export async function explain(storage: Storage, { db, fields }: Command): Promise<Document> {
  const query: unknown = fields['explain'];
  if (typeof query !== 'object' || query === null || !('find' in query))
    throw new CommandError(59, 'CommandNotFound', 'explain supports find only');
  const spec = Buffer.from(BSON.serialize(query)).toString('hex');
  const row = await storage<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `explain (analyze, costs off, format json) select document from documentdb_api_catalog.bson_aggregation_find(
     '${db.replaceAll("'", "''")}', 'BSONHEX${spec}'::documentdb_core.bson)`,
    [],
  );
  const nodes = row === undefined ? [] : nodesOf(row['QUERY PLAN'][0].Plan);
  const indexes = nodes.flatMap((node) => node['Index Name'] ?? []);
  return {
    queryPlanner: {
      winningPlan: {
        stage: nodes[0]?.['Node Type'],
        inputStages: indexes.map((indexName) => ({ stage: 'IXSCAN', indexName })),
      },
    },
    executionStats: {
      nReturned: nodes[0]?.['Actual Rows'] ?? 0,
      totalDocsExamined: sum(nodes.filter(readsDocuments).map(examined)),
    },
    ok: 1,
  };
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

const readsDocuments = ({ 'Node Type': type }: Plan) =>
  type.endsWith('Scan') && !/Bitmap Index|Custom/.test(type);

const examined = (node: Plan) =>
  node['Actual Loops'] *
  (node['Actual Rows'] +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0));

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
