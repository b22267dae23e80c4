import { z } from 'zod';

/** One environment variable of a service, as its schema declares it. */
export interface Setting {
  name: string;
  description: string;
  /** As text for `.env`; undefined when there is none. */
  default: string | undefined;
  isRequired: boolean;
  /** Whether the operator sets it in `.env`; the value of any other follows from the deployment. */
  isForOperators: boolean;
  /** Whether it is a secret. The system generates the required ones. */
  isSecret: boolean;
}

const Meta = z.object({
  description: z.string().min(1),
  setBy: z.literal('deployment').optional(),
  secret: z.boolean().default(false),
});

/** The settings that a schema declares. Throws when one has no description. */
export const settingsOf = (schema: z.ZodObject): Setting[] =>
  Object.entries<z.ZodType>(schema.shape).map(([name, field]) => {
    const meta = Meta.safeParse(field.meta() ?? {});
    if (!meta.success) {
      throw new Error(
        `${name}: .meta() has no description, or something unknown\n${z.prettifyError(meta.error)}`,
      );
    }
    const absent = field.safeParse(undefined);
    const { setBy, secret } = meta.data;
    if (!absent.success && setBy === undefined && !secret) {
      throw new Error(`${name}: add a default, or declare it as a secret or as set by the deployment`);
    }
    return {
      name,
      description: meta.data.description,
      default: absent.success ? asText(absent.data) : undefined,
      isRequired: !absent.success,
      isForOperators: meta.data.setBy === undefined,
      isSecret: meta.data.secret,
    };
  });

const asText = (value: unknown): string | undefined =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;

/** The settings of all services, each name once. Throws when one name has two meanings. */
export function sharedSettings(services: readonly { settings: readonly Setting[] }[]): Setting[] {
  const byName = new Map<string, Setting>();
  for (const setting of services.flatMap(({ settings }) => settings)) {
    if (!setting.isForOperators) continue;
    const known = byName.get(setting.name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(setting)) {
      throw new Error(`Two services declare ${setting.name} differently; declare it once in service-kit`);
    }
    byName.set(setting.name, setting);
  }
  return [...byName.values()];
}
