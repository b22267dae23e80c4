// Tables of the gateway that the tests of the whole system use.
export { privatePaths } from './private-paths.ts';
export { undeclaredHeaders } from '../src/openapi/info.ts';
export { limitedCalls } from '../src/limits/limited-calls.ts';
