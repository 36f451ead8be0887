# One image for all actions: actions/<name>/action.yml names this file and passes the action as its argument.
# The base comes through an argument, so that it can be replaced by a mirror's.
ARG GO_IMAGE=golang:1.26.8-bookworm@sha256:a688600ca24f8a4d3ca77f95b0dd40704a9fc787c826660eb7ba0b641b8b175d

FROM ${GO_IMAGE} AS build
ENV CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-buildvcs=false
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY contract.go action.yml ./
COPY actions actions
COPY cmd cmd
COPY internal internal
ARG VERSION=dev
RUN go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /image/usr/bin/slipway ./cmd/slipway

# git, what it runs to ask a server over https, the libraries of both, and the certificates: nothing else, and no shell.
# What Debian says of their packages goes along, where scanners look for it: an image that hides its parts is not safer.
RUN set -eu; \
    take() { install -D "$(readlink -f "$1")" "/image$1"; printf '%s\n%s\n' "$1" "/usr$1" >>/taken; }; \
    exec_path=$(git --exec-path); \
    for program in /usr/bin/git "$exec_path/git-remote-https"; do \
      take "$program"; \
      ldd "$program" | grep -o '/[^ )]*' | while read -r library; do take "$library"; done; \
    done; \
    take /etc/ssl/certs/ca-certificates.crt; \
    mkdir -p /image/var/lib/dpkg/status.d; \
    { echo ca-certificates; xargs dpkg-query --search </taken 2>/dev/null | sed 's/:.*//' || true; } | sort -u | while read -r package; do \
      dpkg-query --status "$package" >"/image/var/lib/dpkg/status.d/$package"; \
    done; \
    install -D -m 644 /usr/lib/os-release /image/etc/os-release; \
    mkdir -m 1777 /image/tmp; \
    printf 'root:x:0:0:root:/github/home:/\n' >/image/etc/passwd

FROM scratch
ARG VERSION=dev
LABEL org.opencontainers.image.title="Slipway" \
      org.opencontainers.image.description="Release tooling for GitHub Actions" \
      org.opencontainers.image.source="https://github.com/slipway-actions/slipway" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
COPY --from=build /image /
ENTRYPOINT ["/usr/bin/slipway"]
