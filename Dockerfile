# One image for the scaler, the commands and the telemetry app. Each step of the build is an npm script, so that a test
# (test/images/image.test.ts) can run it without Docker, where buildah cannot build the whole image.
# With a mirror of registries: docker build --build-arg BUILD_IMAGE=… --build-arg RUN_IMAGE=…
ARG BUILD_IMAGE=node:24.21.0-trixie-slim
ARG RUN_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm run image:install
COPY . .
RUN npm run image:build && npm run image:prune && npm run image:check && mkdir /state

FROM ${RUN_IMAGE}
ARG VERSION
LABEL org.opencontainers.image.title="forescale" \
      org.opencontainers.image.description="Predictive autoscaling for KEDA, and its telemetry app" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
ENV NODE_ENV=production
# Rows of histories die young. A young heap of 48 MiB and more takes 85 MiB of the pod and up to 30 ms to collect, this one 14 ms.
ENV NODE_OPTIONS=--max-semi-space-size=8
# Threads of Node free much that they took. With an arena for each of them 300 workloads take 12 MiB more.
ENV MALLOC_ARENA_MAX=2
# glibc raises the size from which memory goes back to the system with each large block that is freed, and so keeps that of histories.
ENV MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /app
COPY --from=build --chown=0:0 /app/LICENSE /app/THIRD_PARTY_NOTICES /app/package.json /app/package-lock.json ./
COPY --from=build --chown=0:0 /app/proto ./proto
COPY --from=build --chown=0:0 /app/node_modules ./node_modules
COPY --from=build --chown=0:0 /app/dist ./dist
# A volume mounted here gets the owner of this folder.
COPY --from=build --chown=65532:65532 /state /var/lib/forescale
USER 65532:65532
EXPOSE 6000 8000 8080
ENTRYPOINT ["/nodejs/bin/node"]
# The telemetry app: docker run … dist/telemetry-app/main.js
CMD ["dist/cli/main.js", "serve"]
