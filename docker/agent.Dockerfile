# An agent. Process pools run inside this container; docker pools need the socket of an engine.
# docker build -f docker/agent.Dockerfile -t towline/agent .
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
RUN npx turbo run build --filter=@towline/agent

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /towline
COPY --from=build /towline/apps/agent/dist/agent.mjs apps/agent/dist/agent.mjs
# Identity, unsent reports, code and the files of running attempts: keep it, or a restarted agent cannot adopt its runs.
RUN mkdir -p /data && chown node:node /data
VOLUME /data
ENV TOWLINE_AGENT_DATA_DIR=/data TOWLINE_AGENT_HEALTH_PORT=7603
USER node
EXPOSE 7603
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:7603/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# SIGTERM drains. For process pools run it with --init, so that what runs leave behind is reaped.
CMD ["node", "apps/agent/dist/agent.mjs"]
