package ingest

import (
	"fmt"
	"reflect"

	"prep/data"
	"prep/data/work"
)

// The commit: in which order what the takes amount to is written, and whether
// anything is to be written at all.

// commit writes what the takes amount to: labels first, then recordings, the
// record of the run last. Where nothing is new it only says so.
func (in *intake) commit(takes []take) error {
	stay := in.staying(takes)
	recordings := in.recordings(stay)
	news, err := in.labels(stay, recordings)
	if err != nil {
		return err
	}
	in.count(recordings)
	job := in.recordJob(takes)
	why, err := in.changeReason(job, recordings, news)
	if err != nil {
		return err
	}
	if in.fresh == 0 && why == "" {
		in.sum.Unchanged = true
		return in.log.remove()
	}
	if in.fresh > 0 {
		in.sum.Because = in.staleReason()
	}
	if len(news) > 0 {
		if err := in.set.AppendLabels(news...); err != nil {
			return err
		}
	}
	if err := in.set.WriteRecordings(recordings); err != nil {
		return err
	}
	if err := in.log.remove(); err != nil {
		return err
	}
	return work.Record(in.set, job, in.sum)
}

// changeReason says what the files change in the set besides new audio, or "".
func (in *intake) changeReason(job work.Job, recordings []data.Recording, news []data.Label) (string, error) {
	same, err := work.Recorded(in.set, job)
	switch {
	case len(news) > 0:
		return fmt.Sprintf("%d labels are new or different", len(news)), err
	case !reflect.DeepEqual(recordings, in.old):
		return "names, groups or classes have changed", err
	case !same:
		return "files or settings are others than those of its last run", err
	}
	return "", err
}

func (in *intake) count(recordings []data.Recording) {
	groups := map[string]bool{}
	aliases := 0
	for _, r := range recordings {
		groups[r.Group] = true
		aliases += len(r.Aliases)
	}
	in.sum.Counts["recordings"], in.sum.Counts["groups"] = len(recordings), len(groups)
	in.sum.Counts["aliases"], in.sum.Counts["ignored"] = aliases, len(in.found.passed)
}
