import { expect, test } from '@jest/globals';
import { env } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { settingsOf, sharedSettings } from './settings.ts';

const description = 'A setting.';
const settings = (shape: z.ZodRawShape) => settingsOf(z.object(shape));

test('reads the default, whether a value is required, and what the metadata say', () => {
  expect(
    settings({
      LIMIT: env.integer(1, 9).default(3).meta({ description }),
      LIST: z
        .string()
        .transform(() => [])
        .default([])
        .meta({ description }),
      SECRET: env.secrets().meta({ description, secret: true }),
      OLD_SECRET: env.secrets().optional().meta({ description, secret: true }),
      OTHER_URL: env.url('http').meta({ description, setBy: 'deployment' }),
    }),
  ).toEqual([
    { name: 'LIMIT', description, default: '3', isRequired: false, isForOperators: true, isSecret: false },
    {
      name: 'LIST',
      description,
      default: undefined,
      isRequired: false,
      isForOperators: true,
      isSecret: false,
    },
    {
      name: 'SECRET',
      description,
      default: undefined,
      isRequired: true,
      isForOperators: true,
      isSecret: true,
    },
    {
      name: 'OLD_SECRET',
      description,
      default: undefined,
      isRequired: false,
      isForOperators: true,
      isSecret: true,
    },
    {
      name: 'OTHER_URL',
      description,
      default: undefined,
      isRequired: true,
      isForOperators: false,
      isSecret: false,
    },
  ]);
});

test('refuses a setting without a description', () => {
  expect(() => settings({ LIMIT: env.integer(1, 9).meta({ description }).default(3) })).toThrow(/^LIMIT: /);
});

test('refuses a setting that an operator must set although it is no secret', () => {
  expect(() => settings({ LIMIT: env.integer(1, 9).meta({ description }) })).toThrow(/^LIMIT: /);
});

test('lists a setting of several services once, and refuses two meanings', () => {
  const service = (standard: number) => ({
    settings: settings({ LIMIT: env.integer(1, 9).default(standard).meta({ description }) }),
  });
  expect(sharedSettings([service(3), service(3)])).toHaveLength(1);
  expect(() => sharedSettings([service(3), service(4)])).toThrow('Two services declare LIMIT differently');
});
