# integ in a container: docker build -t integ . && docker run --rm -v "$PWD:/project" integ check
FROM node:22-slim AS build
WORKDIR /integ
COPY . .
RUN npm ci --no-audit --no-fund && npm pack --pack-destination /

FROM node:22-slim
# git: what changed, and what history holds. Certificates: HTTPS.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /integ-*.tgz /tmp/
# zod is a peer: a project's own copy, where it has one, is the one that its schemas use.
RUN npm install --global --no-audit --no-fund /tmp/integ-*.tgz zod@4 && rm /tmp/integ-*.tgz
# The files of a checkout belong to somebody else.
RUN git config --system --add safe.directory '*'
USER node
WORKDIR /project
ENTRYPOINT ["integ"]
CMD ["--help"]
