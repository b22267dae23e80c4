/**
 * The token in the fragment of the link. It moves from the address bar into the state of this history entry, where a
 * reload finds it: phones reload a page after a visit to the password manager.
 */
export function takeToken() {
  const token = /[#&]token=([\w-]+)/.exec(location.hash)?.[1] ?? history.state?.token;
  history.replaceState(token === undefined ? null : { token }, '', location.pathname);
  return token;
}

export const forgetToken = () => history.replaceState(null, '', location.pathname);
