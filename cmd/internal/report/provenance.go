package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"prep/data/document"
	"prep/train"
)

// provenanceSection says what the report was made from, how, and how it is made again.
func provenanceSection(p train.Provenance) document.Section {
	stages := document.Table{Head: []string{"stage", "editions", "settings"}}
	files := document.Table{Head: []string{"file", "SHA-256 begins with"}}
	digests := map[string]string{}
	for _, s := range p.Stages {
		var settings bytes.Buffer
		if json.Compact(&settings, s.Config) != nil {
			settings.WriteString("damaged")
		}
		var editions []string
		for _, name := range slices.Sorted(maps.Keys(s.Editions)) {
			editions = append(editions, fmt.Sprintf("%s %d", name, s.Editions[name]))
		}
		wrapped := strings.ReplaceAll(settings.String(), `,"`, `, "`) // where lines may break
		stages.Rows = append(stages.Rows, []string{s.Stage, strings.Join(editions, ", "), wrapped})
		maps.Copy(digests, s.Outputs)
		maps.Copy(digests, s.Inputs)
	}
	for _, name := range slices.Sorted(maps.Keys(digests)) {
		files.Rows = append(files.Rows, []string{name, digests[name]})
	}
	files.Rows = append(files.Rows, []string{"the weights", p.Weights})
	return document.Section{Name: "How it was made",
		Words:  []string{fmt.Sprintf("By prep %s. To make it again: %s, where report.json is that of the model.", p.Version, p.Command)},
		Tables: []document.Table{stages, files}}
}
