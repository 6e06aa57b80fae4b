# The commands that people and CI use; everything works without make too.
.PHONY: build test race lint fuzz demo

build:
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o prep ./cmd/prep

test:
	go test ./...

race:
	go test -race ./...

lint:
	test -z "$$(gofmt -l .)"
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.7.0 ./...

fuzz:
	.ci/fuzz 20s

demo: build
	./prep demo --set prep-demo
