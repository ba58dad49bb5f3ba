# One image for every part: a worker, the Prefect server, callbacks, the review room, each by its command.
#
#   docker build --tag tailframe .
#   docker run --rm tailframe tailframe --help
#
# Everything that Python needs is pinned with its hash; ffmpeg and a font come along with it, so that nothing is installed
# from elsewhere. Fonts for other letters are files of the project. How the parts stand beside each other: deploy/compose.yaml.

FROM python:3.11-slim-bookworm AS build
WORKDIR /opt/tailframe
COPY requirements/installer.txt requirements/runtime.txt requirements/
RUN python -m venv /opt/installer \
 && /opt/installer/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/installer.txt \
 && python -m venv --without-pip .venv \
 && /opt/installer/bin/uv pip install --no-cache --python .venv/bin/python --compile-bytecode --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md prefect.yaml ./
COPY storyboard/ storyboard/
COPY render/ render/
COPY flows/ flows/
COPY deploy/make_bucket.py deploy/
RUN /opt/installer/bin/uv pip install --no-cache --python .venv/bin/python --no-deps --no-build-isolation --config-settings editable_mode=compat --editable . \
 && .venv/bin/python -m compileall -q storyboard render flows

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --user-group --home-dir /var/lib/tailframe --shell /usr/sbin/nologin tailframe \
 && install --directory --owner=tailframe --group=tailframe --mode=0700 /var/lib/tailframe
COPY --from=build /opt/tailframe /opt/tailframe
ENV HOME=/var/lib/tailframe \
    PATH=/opt/tailframe/.venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    DO_NOT_TRACK=1 \
    PREFECT_SERVER_ANALYTICS_ENABLED=false
USER 10001:10001
WORKDIR /var/lib/tailframe
CMD ["tailframe", "--help"]
