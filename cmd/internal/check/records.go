package check

import (
	"slices"

	"prep/data"
	"prep/data/disk"
	"prep/data/work"
	"prep/segment"
	"prep/train"
)

// missingRecords says for which files of a set no record tells what made them,
// where the set has records at all: without one nothing compares the file.
func missingRecords(set *data.Set) (problems []data.Problem, err error) {
	stages, err := work.Stages(set)
	if err != nil || len(stages) == 0 {
		return nil, err
	}
	made, err := madeBy(set)
	for _, m := range made {
		if !slices.Contains(stages, m.stage) {
			problems = append(problems, data.Problem{Where: "runs/" + m.stage + ".json",
				What: "is gone: nothing says what made " + m.file + "; run " + m.stage + " again"})
		}
	}
	return problems, err
}

// making is a file of a set and the stage that makes it.
type making struct{ file, stage string }

// madeBy lists what is there that stages make.
func madeBy(set *data.Set) (all []making, err error) {
	for _, m := range []making{{data.RecordingsFile, "ingest"}, {data.HitsFile, "segment"}, {segment.OnsetsFile, "evaluate"},
		{"plots/pictures.json", "plot"}, {"report.html", "report"}} {
		there, err := disk.Exists(set.Path(m.file))
		if err != nil {
			return nil, err
		}
		if there {
			all = append(all, m)
		}
	}
	kinds, err := set.PatchKinds()
	for _, kind := range kinds {
		all = append(all, making{"features/" + kind + ".npy", "features-" + kind})
	}
	if err != nil {
		return nil, err
	}
	models, err := train.Models(set)
	for _, name := range models {
		// A model of one person's own sounds is made by no stage.
		if r, err := train.ReadReport(train.ModelDir(set, name)); err == nil && r.Personal == nil {
			all = append(all, making{"models/" + name, "train-" + name})
		}
	}
	if err != nil {
		return nil, err
	}
	runs, err := set.HitRuns(1 << 20)
	if err == nil && slices.ContainsFunc(runs, func(r data.HitRun) bool { return r.Copies }) {
		all = append(all, making{"the copies of " + data.HitsFile, "augment"})
	}
	if disk.IsFault(err) {
		return nil, err
	}
	return all, nil // hits that do not parse are told already
}
