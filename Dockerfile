# syntax=docker/dockerfile:1
# One image for web, worker and beat. Built in three steps: packages, one typeface, the program.

FROM python:3.11-slim-bookworm AS packages
WORKDIR /app
COPY requirements-uv.lock requirements.lock ./
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements-uv.lock \
    && .venv/bin/uv pip sync --python .venv/bin/python --no-cache --require-hashes requirements.lock

FROM debian:bookworm-slim AS typeface
# FandolFang (仿宋) out of a package whose other 370 MB are not wanted.
WORKDIR /fandol
RUN apt-get update \
    && apt-get download texlive-lang-chinese \
    && dpkg-deb -x texlive-lang-chinese_*.deb all \
    && mkdir fonts && find all -path '*/fandol/*.otf' -exec cp {} fonts/ \;

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/app/.venv/bin:$PATH LANG=C.UTF-8
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig \
        fonts-noto-cjk fonts-noto-cjk-extra fonts-lxgw-wenkai \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin schoolsafety
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY --from=typeface /fandol/fonts var/fonts/fandol
COPY . .
# The key below exists only during the build: nothing is signed with it.
RUN SECRET_KEY=build-only-0123456789-0123456789-0123456789-0123456789 \
    sh -c 'python manage.py fonts && python manage.py messages --compile && python manage.py collectstatic --noinput' \
    && mkdir -p /media && chown -R schoolsafety: var /media
USER schoolsafety
EXPOSE 8000
CMD ["gunicorn", "schoolsafety.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "sync", \
     "--workers", "4", "--max-requests", "2000", "--max-requests-jitter", "200", "--timeout", "60", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-"]
