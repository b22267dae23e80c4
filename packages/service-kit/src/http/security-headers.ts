import helmet from 'helmet';

/**
 * Headers that stop a browser from running, framing or sniffing a response. Strict-Transport-Security is left to the
 * proxy that terminates TLS (RFC 6797, section 7.2).
 */
export const securityHeaders = () =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
