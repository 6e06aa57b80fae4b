// Package num has the statistics that more than one room needs, each once: so
// that a report, a picture of it and a gate on it cannot disagree. It imports
// none of ours. What only one package computes stays there.
package num
