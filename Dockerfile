# One image for web, worker, beat and migration; docker-compose.yml gives each its command.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/doanportal doanportal \
    && install -d -o doanportal /var/lib/doanportal /var/lib/doanportal/media

WORKDIR /srv/doanportal
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .

ENV DJANGO_SETTINGS_MODULE=doanportal.settings.production \
    DOANPORTAL_VAR=/var/lib/doanportal \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1

# Hashing static files needs settings that load, not services that answer: the values exist in this step only.
RUN SECRET_KEY=build DATABASE_URL=postgresql://build/build REDIS_URL=redis://build SITE_URL=https://build \
    ALLOWED_HOSTS=build python manage.py collectstatic --noinput

USER doanportal
EXPOSE 8000
# The path alone: what stands behind «?» and the page before may hold a name that somebody searched for.
CMD ["gunicorn", "doanportal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--access-logfile", "-", \
    "--access-logformat", "%(h)s %(t)s %(m)s %(U)s %(s)s %(b)s %(D)s"]
