package train

import (
	"embed"
	"io/fs"
)

// general is the model that comes with prep, its memory and its report: general/make.sh
// makes them, docs/voice-model.md is its card and general/NOTICE its licence.
//
//go:embed general/model.json general/report.json general/weights.safetensors general/memory.safetensors
var general embed.FS

// Notice is the licence of what the model that comes with prep learned from.
//
//go:embed general/NOTICE
var Notice string

// General returns the model that comes with prep: kick, hat and snare of people's mouths, and
// what is none of them.
func General() (*Model, error) {
	files, err := fs.Sub(general, "general")
	if err != nil {
		return nil, err
	}
	return load(files, "the model that comes with prep")
}
