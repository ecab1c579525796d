# syntax=docker/dockerfile:1
# One image for every role; docker-compose.yml says which process does what.

FROM eclipse-temurin:25-jdk AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends maven \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
# Tests are run before an image is built, not while.
RUN --mount=type=cache,target=/var/cache/maven mvn -B -q -Dmaven.repo.local=/var/cache/maven -Dmaven.test.skip=true -pl server -am package

FROM eclipse-temurin:25-jre
RUN apt-get update \
 && apt-get install -y --no-install-recommends curl \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 vibrissa \
 && useradd --system --uid 10001 --gid vibrissa --home-dir /var/lib/vibrissa --create-home vibrissa
COPY --from=build --chown=root:root /build/server/target/quarkus-app /opt/vibrissa
USER vibrissa
WORKDIR /var/lib/vibrissa
# The key of the audit log is kept here; the database is elsewhere.
VOLUME /var/lib/vibrissa
EXPOSE 8080
# Alive, not well: to start a process again because its source is silent would help nobody.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
  CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/q/health/live"]
STOPSIGNAL SIGTERM
# The heap gets most of what the container may use; the rest is for threads, buffers and native code. A process without room
# for its heap ends, and is started again, instead of lingering.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", \
  "-jar", "/opt/vibrissa/quarkus-run.jar"]
CMD ["up", "--host", "0.0.0.0"]
