# prep alone: a static binary in an empty image, run by a user who owns nothing.
#
#   docker build -t prep .
#   docker run --rm -u "$(id -u):$(id -g)" -v "$PWD:/work" prep run --config prep.yaml --set beats
FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /prep ./cmd/prep

FROM scratch
COPY --from=build /prep /prep
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/prep"]
