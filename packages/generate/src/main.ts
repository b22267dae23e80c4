// npm run generate: writes the files that follow from the declared routes and settings. With --check it only compares.
import { join } from 'node:path';
import { generate } from './generate.ts';
import { gateway, services } from './services.ts';

const root = join(import.meta.dirname, '../../..');
const isCheck = process.argv.includes('--check');
const { exitCode, message } = await generate({ root, isCheck, gateway, services });
(exitCode === 0 ? console.log : console.error)(message);
process.exitCode = exitCode;
