# ariasnap with a browser, to run in a folder that has ariasnap.yml: docker run --rm -v "$PWD:/work" ariasnap test
FROM rust:1-slim-trixie AS build
WORKDIR /source
COPY . .
RUN cargo build --locked --release

FROM debian:trixie-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates chromium-headless-shell fonts-liberation \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /source/target/release/ariasnap /usr/local/bin/
# Not root, which the browser would have to run without its sandbox for.
RUN useradd --create-home ariasnap
USER ariasnap
WORKDIR /work
ENTRYPOINT ["ariasnap"]
CMD ["test"]
