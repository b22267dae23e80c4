import dns from 'node:dns';

/** Lets a host name resolve to these IPv4 addresses, in this order, until the returned function is called. */
export function resolveTo(hostname: string, addresses: readonly string[]): () => void {
  const { lookup } = dns;
  const entries = addresses.map((address) => ({ address, family: 4 }));
  const replaced = (name: string, ...rest: [object, (error: null, found: object) => void]) =>
    name === hostname ? rest[1](null, entries) : Reflect.apply(lookup, dns, [name, ...rest]);
  Object.assign(dns, { lookup: replaced });
  return () => void Object.assign(dns, { lookup });
}
