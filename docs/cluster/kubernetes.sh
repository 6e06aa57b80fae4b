#!/usr/bin/env bash
# Prepares a set on Kubernetes: every heavy stage as an Indexed Job, then the
# Job that merges it. See kubernetes.yaml. Called again after a failure, once
# the failed Job is deleted, it goes on where it was.
set -euo pipefail
cd "$(dirname "$0")"
for stage in ingest segment augment features; do
  for step in shards merge; do
    job=prep-$step-$stage
    sed "s/STAGE/$stage/g" kubernetes.yaml | kubectl apply --selector="step=$step" --filename=-
    until ended=$(kubectl get job "$job" --output=jsonpath='{.status.conditions[?(@.status=="True")].type}' |
      grep --only-matching --word-regexp 'Complete\|Failed'); do sleep 5; done
    kubectl logs --selector="job-name=$job" --prefix --tail=20
    if [ "$ended" = Failed ]; then exit 1; fi
  done
done
