# Breakout Bell in a container; docs/container.md says how to start it.
# The Node of the lock file, from the image of that version; glibc, as better-sqlite3 is built for it.
# By digest: a tag can be moved. This is the multi-platform index of 24.21.0-bookworm-slim, built on 19 September 2026, as
# docker-library/repo-info records it (repos/node/remote/24.21.0-bookworm-slim.md, commit 3179cb4d576b). To compare, or to
# take a newer one: docker buildx imagetools inspect node:24.21.0-bookworm-slim
FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
WORKDIR /app
COPY package.json package-lock.json ./
# What a container does not use goes in the layer that it came with: the same Node once more, 190 MB; the compiler, 31 MB,
# that valibot would take the types of; and pm2, whose work the container's own restart does.
RUN npm ci --omit=dev && npm uninstall --no-save --omit=dev pm2 && npm cache clean --force && \
  rm -rf node_modules/node-linux-* node_modules/.bin/node node_modules/typescript node_modules/@typescript node_modules/.bin/tsc
COPY LICENSE ./
COPY config ./config
COPY data/before-yahoo.csv data/dividends-1978-1988.csv ./data/
COPY src ./src
# Database and copies: mount a volume here, or the ledger ends with the container.
ENV DATABASE_PATH=/data/market.db
RUN mkdir -m 700 /data && chown node:node /data
VOLUME /data
USER node
# Only inside the container; publish the port on the host's loopback, as docs/container.md does. The page is closed until DASHBOARD_TOKEN
# is set, and answers to localhost and to the hosts of PUBLIC_URL; the health check below needs neither.
ENV DASHBOARD_HOST=0.0.0.0
EXPOSE 8787
# By the port that is set; with DASHBOARD_PORT=0, any free one, nothing can be asked.
HEALTHCHECK --interval=5m --timeout=10s --start-period=2m \
  CMD node -e "fetch('http://127.0.0.1:' + (process.env.DASHBOARD_PORT || 8787) + '/healthz').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"
# Node itself, so that SIGTERM reaches it; the current round gets up to 25 s to end.
STOPSIGNAL SIGTERM
CMD ["node", "--expose-gc", "--max-semi-space-size=1", "--no-opt", "--no-maglev", "src/launch.js", "start"]
