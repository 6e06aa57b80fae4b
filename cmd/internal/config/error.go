package config

import "fmt"

// UsageError is a fault of the command line or of the configuration.
type UsageError struct{ error }

// Unwrap returns the fault itself.
func (e UsageError) Unwrap() error { return e.error }

// Usagef returns a UsageError of a formatted text.
func Usagef(format string, args ...any) error { return UsageError{fmt.Errorf(format, args...)} }
