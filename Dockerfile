# Builds the image of any of the four services:
#   docker build --build-arg SERVICE=notes-service --build-arg PORT=3003 .
FROM node:24-slim AS build
ARG SERVICE
WORKDIR /app

# Only the manifests, so that a change of the sources does not repeat the installation.
COPY package.json package-lock.json ./
COPY packages/mongo-kit/package.json packages/mongo-kit/
COPY packages/service-kit/package.json packages/service-kit/
COPY ${SERVICE}/package.json ${SERVICE}/
RUN --mount=type=cache,target=/root/.npm npm ci --workspace=${SERVICE} --ignore-scripts

COPY packages/mongo-kit/src packages/mongo-kit/src
COPY packages/service-kit/src packages/service-kit/src
COPY ${SERVICE} ${SERVICE}
# Removes the development dependencies after code generation, and all of Prisma's query compilers except the one for
# PostgreSQL that the generated client imports.
RUN npm run generate --workspace=${SERVICE} --if-present \
  && npm prune --workspace=${SERVICE} --omit=dev --omit=optional --ignore-scripts \
  && find node_modules -path '*/@prisma/client/runtime/*' \
    \( -name '*.map' -o -name '*edge*' -o -name 'query_compiler_*' -not -name '*_fast_bg.postgresql.*mjs' \) -delete
# Makes the files readable for the user `node`, whatever the umask of the checkout.
RUN chmod -R a+rX packages ${SERVICE}


FROM node:24-slim
ARG SERVICE
ARG PORT
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="polyglot-notes ${SERVICE}" \
  org.opencontainers.image.description="One of the four services of polyglot-notes, a notes platform." \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"

WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/packages packages
COPY --from=build /app/${SERVICE} ${SERVICE}
COPY deploy/health-check.sh /

ENV NODE_ENV=production HOST=0.0.0.0 PORT=${PORT}
EXPOSE ${PORT}
# The user `node` as a number, by which Kubernetes can tell that it is not root (`runAsNonRoot`).
USER 1000:1000
WORKDIR /app/${SERVICE}
HEALTHCHECK --interval=5s --timeout=5s --retries=3 --start-period=60s \
  CMD ["bash", "/health-check.sh"]
# The limit of the heap follows from that of the container.
CMD ["node", "--max-semi-space-size=16", "src/main.ts"]
