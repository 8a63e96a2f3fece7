# The background loops, and the one-off job that migrates the database (CMD node docker/dist/migrate.mjs).
# docker build -f docker/scheduler.Dockerfile -t towline/scheduler .
# The manifests alone, so that dependencies are installed again only when one of them changes.
FROM node:20-slim AS source
WORKDIR /towline
COPY . repository
RUN mkdir manifests && cd repository && for file in package.json package-lock.json .npmrc */package.json */*/package.json; do \
      mkdir -p "../manifests/$(dirname "$file")" && cp "$file" "../manifests/$file"; \
    done

FROM node:20-slim AS build
WORKDIR /towline
COPY --from=source /towline/manifests ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npx turbo run build --filter=@towline/scheduler \
  && node docker/bundle-migrate.mjs

FROM node:20-slim
ENV NODE_ENV=production
WORKDIR /towline
# All that the bundle leaves outside itself: natives and WebAssembly.
COPY --from=build /towline/node_modules/@node-rs node_modules/@node-rs
COPY --from=build /towline/node_modules/@prisma/schema-engine-wasm node_modules/@prisma/schema-engine-wasm
COPY --from=build /towline/apps/scheduler/dist apps/scheduler/dist
COPY --from=build /towline/docker/dist docker/dist
COPY prisma prisma
USER node
# Node is process 1: it handles SIGTERM itself (drain), and starts no children that it does not wait for.
CMD ["node", "apps/scheduler/dist/scheduler.mjs"]
