package page

import (
	"fmt"
	"strings"

	"prep/cmd/internal/desk"
)

// Settings are what a user may configure.
type Settings struct {
	// Classes are offered besides those that the set already has, first.
	Classes []string `yaml:"classes" json:"classes"`
	// Keys are letters that name a class, besides the digits: k: kick.
	Keys map[string]string `yaml:"keys" json:"keys"`
}

// reserved are the letters that are commands of the page.
const reserved = "amnouvx"

// Validate says which key or class cannot be.
func (s Settings) Validate() error {
	for _, c := range s.Classes {
		if _, err := desk.ClassName(c); err != nil {
			return fmt.Errorf("classes: %q: %w", c, err)
		}
	}
	for k, c := range s.Keys {
		if len(k) != 1 || k[0] < 'a' || k[0] > 'z' || strings.Contains(reserved, k) {
			return fmt.Errorf("keys: %q: must be one small letter other than %s, which are commands", k, strings.Join(strings.Split(reserved, ""), " "))
		}
		if _, err := desk.ClassName(c); err != nil {
			return fmt.Errorf("keys: %s: %w", k, err)
		}
	}
	return nil
}
