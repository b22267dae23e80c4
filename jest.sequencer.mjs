import Sequencer from '@jest/test-sequencer';

// The longest files of npm test and npm run test:resilience. Begun last, one of them would run alone at the end.
const longest = [
  'killed',
  'postman',
  'key-rotation',
  'changes',
  'start',
  'random-searches',
  'reconcile',
  'model',
  'indexes',
  'heavy-search',
  'limits',
  'contract',
  'accounts',
  'last-admin',
  'passwords',
];

/** Runs the longest test files first, then in Jest's own order. */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const rank = ({ path }) => {
      const name = path.split('/').at(-1).split('.')[0];
      return longest.includes(name) ? longest.indexOf(name) : longest.length;
    };
    // oxlint-disable-next-line unicorn/no-array-sort -- a sequencer, not an array
    const sorted = await super.sort(tests);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}
