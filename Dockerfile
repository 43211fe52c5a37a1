# syntax=docker/dockerfile:1

# Builds the server from source. Nothing but what the build needs is copied, so a change to the documents does not
# build it anew.
FROM rust:1.95-trixie AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY crates crates
COPY demo demo
COPY xtask xtask
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package gymkeeper-server --bin gymkeeper && \
    install -D target/release/gymkeeper /out/gymkeeper

FROM debian:trixie-slim
# Time zones are inside the binary.
RUN useradd --system --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin gymkeeper && \
    install -d -o gymkeeper -g gymkeeper -m 0700 /data
COPY --from=build /out/gymkeeper /usr/local/bin/gymkeeper
USER 10001
WORKDIR /data
# The database and the contents of images and documents. Everything else can be thrown away.
VOLUME /data
ENV GYMKEEPER_DATA_DIR=/data GYMKEEPER_LISTEN=0.0.0.0:8080
EXPOSE 8080
# There is no HEALTHCHECK, because the image holds no HTTP client. Let the platform ask GET /health/ready on port 8080
# (200: takes requests; anything else: not now) and GET /health/live to learn whether to restart the container.
STOPSIGNAL SIGTERM
ENTRYPOINT ["gymkeeper"]
CMD ["serve"]
