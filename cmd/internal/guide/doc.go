// Package guide helps a person along the tree of commands: what is said of a flag, a value or a command that
// is not there, flags that had another name, what a shell completes, and manual pages.
package guide
