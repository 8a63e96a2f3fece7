# The dashboard and the API. It also serves the agent, the CLI and the SDK to those who install them.
# docker build -f docker/web.Dockerfile -t towline/web .
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
RUN npx turbo run build --filter=@towline/web --filter=@towline/agent --filter=@towline/cli --filter=@towline/sdk \
  && rm -rf apps/web/.next/cache \
  && node docker/collect-web-modules.mjs /modules

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /towline
# What the bundles leave outside themselves.
COPY --from=build /modules/node_modules node_modules
COPY --from=build /towline/apps/web/package.json /towline/apps/web/next.config.mjs apps/web/
COPY --from=build /towline/apps/web/dist apps/web/dist
COPY --from=build --chown=node:node /towline/apps/web/.next apps/web/.next
COPY --from=build /towline/apps/agent/dist apps/agent/dist
COPY --from=build /towline/apps/cli/dist apps/cli/dist
COPY --from=build /towline/packages/sdk/dist packages/sdk/dist
USER node
EXPOSE 7600
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:7600/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1: it handles SIGTERM itself (drain), and starts no children that it does not wait for.
CMD ["node", "apps/web/dist/server.mjs"]
