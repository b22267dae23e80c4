import helmet from 'helmet';

/**
 * Headers by which a browser does nothing with an answer but hand it to the script that asked. A page overrides the
 * Content-Security-Policy. There is no Strict-Transport-Security: it must not be sent over plain HTTP (RFC 6797, section
 * 7.2) and belongs to what ends TLS; `upgrade-insecure-requests` is left out for the same reason.
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
