/** The tests of every response of the gateway. The mail page is another program. */
export const everyResponse = `
  const isFromGateway = !pm.request.url.toString().startsWith(pm.variables.get('mailUrl'));
  const isFile = ['/docs', '/api/notes/export'].includes(pm.request.url.getPath());
  const type = pm.response.headers.get('Content-Type') ?? '';

  if (isFromGateway) {
    pm.test('the response has the id of its request', () => {
      pm.expect(pm.response.headers.get('X-Request-Id')).to.be.a('string').that.matches(/^[\\w-]{8,}$/);
    });
    pm.test('no header names the software of the server', () => pm.response.to.not.have.header('X-Powered-By'));
  }
  if (isFromGateway && pm.response.code >= 400) {
    pm.test('the refusal is a problem (RFC 9457)', () => {
      pm.expect(type).to.eql('application/problem+json; charset=utf-8');
      const problem = pm.response.json();
      pm.expect(problem.type).to.be.a('string').that.is.not.empty;
      pm.expect(problem.title).to.be.a('string').that.is.not.empty;
      pm.expect(problem.status).to.eql(pm.response.code);
      pm.expect(problem.code).to.be.a('string').that.matches(/^[a-z]+(_[a-z]+)*$/);
      pm.expect(problem.requestId).to.eql(pm.response.headers.get('X-Request-Id'));
      if (problem.code !== 'validation_failed') return;
      pm.expect(problem.errors).to.be.an('array').that.is.not.empty;
      for (const { path, message } of problem.errors) {
        pm.expect(path).to.be.a('string').that.matches(/^(body|query|header)\\b/);
        pm.expect(message).to.be.a('string').that.is.not.empty;
      }
    });
  } else if (isFromGateway && !isFile) {
    const hasBody = ![202, 204, 304].includes(pm.response.code);
    if (hasBody) pm.test('the body is JSON', () => pm.expect(type).to.eql('application/json; charset=utf-8'));
    else pm.test('there is no body', () => pm.expect(pm.response.text() ?? '').to.eql(''));
  }
`;
