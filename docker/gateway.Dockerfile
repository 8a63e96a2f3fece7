# The door of agents and runs.
# docker build -f docker/gateway.Dockerfile -t towline/gateway .
ARG NODE_IMAGE=node:20.20.2-bookworm-slim

# The manifests alone, so that dependencies are installed again only when one of them changes.
FROM ${NODE_IMAGE} AS source
WORKDIR /towline
COPY . repository
RUN mkdir manifests && cd repository && for file in package.json package-lock.json .npmrc */package.json */*/package.json; do \
      mkdir -p "../manifests/$(dirname "$file")" && cp "$file" "../manifests/$file"; \
    done

FROM ${NODE_IMAGE} AS build
WORKDIR /towline
COPY --from=source /towline/manifests ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npx turbo run build --filter=@towline/gateway

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /towline
# All that the bundle leaves outside itself: natives and WebAssembly.
COPY --from=build /towline/node_modules/@node-rs node_modules/@node-rs
COPY --from=build /towline/node_modules/@prisma/schema-engine-wasm node_modules/@prisma/schema-engine-wasm
COPY --from=build /towline/apps/gateway/dist apps/gateway/dist
USER node
EXPOSE 7601
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:7601/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1: it handles SIGTERM itself (drain), and starts no children that it does not wait for.
CMD ["node", "apps/gateway/dist/gateway.mjs"]
