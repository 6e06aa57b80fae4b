package page

import (
	"fmt"

	"prep/cmd/internal/desk"
	"prep/data"
)

// Settings are what a user may configure.
type Settings struct {
	// Classes are offered besides those that the set already has, first.
	Classes []string `yaml:"classes" json:"classes"`
	// Keys are letters and digits that name a class: k: kick. A letter that is a command of
	// the page too names the class.
	Keys map[string]string `yaml:"keys" json:"keys"`
}

// Validate says which key or class cannot be.
func (s Settings) Validate() error {
	for _, c := range s.Classes {
		if _, err := data.Name(c); err != nil {
			return fmt.Errorf("classes: %q: %w", c, err)
		}
	}
	for k, c := range s.Keys {
		if !desk.IsKey(k) {
			return fmt.Errorf("keys: %q: must be one small letter or digit", k)
		}
		if _, err := data.Name(c); err != nil {
			return fmt.Errorf("keys: %s: %w", k, err)
		}
	}
	return nil
}
