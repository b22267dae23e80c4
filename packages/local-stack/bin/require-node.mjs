// Plain JavaScript, so that an old Node reports its version instead of failing on TypeScript.
import { existsSync } from 'node:fs';

const root = new URL('../../../', import.meta.url);
const say = (sentence) => {
  console.error(sentence);
  process.exit(1);
};

if (!existsSync(new URL('node_modules/express', root)))
  say('The dependencies are not installed: run "npm install" in this folder first.');
if (Number(process.versions.node.split('.')[0]) < 24)
  say(
    `This needs Node 24, which "npm install" puts into node_modules, but Node ${process.versions.node} is running. ` +
      'Start it through npm (npm start, npm test); if you did, run "npm install" again without --ignore-scripts.',
  );
