export { postmanCollection } from './collection/collection.ts';
export { story } from './story/index.ts';
