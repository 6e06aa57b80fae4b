// Package advice is what helps a person label: how far the labelling is, which
// hits sound alike, and what a model thinks of each.
package advice
