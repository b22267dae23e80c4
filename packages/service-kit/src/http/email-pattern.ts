// Without imports: a container without dependencies reads this file as well.

const localPart = /[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*/.source;
const label = /[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?/.source;
// Mail programs decode it and show another address (RFC 2047).
const encodedWord = /(?![^@]*=\?[^?@]+\?[bBqQ]\?)/.source;
const topLevel = /[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])/.source;

/**
 * An email address that servers exchange: a dot-atom of at most 64 characters (RFC 5322, section 3.4.1; RFC 5321, section
 * 4.5.3.1), and a domain name with a dot, of labels with at most 63 characters (RFC 1035, section 2.3.4). ASCII only:
 * international domains are in punycode.
 */
export const emailPattern = new RegExp(
  `^(?=.{1,64}@)${encodedWord}${localPart}@(?:${label}\\.)+${topLevel}$`,
);

export const maxEmailLength = 254;
