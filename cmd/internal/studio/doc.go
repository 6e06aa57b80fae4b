// Package studio is a session of the page on a set: it serves the page, takes in what is recorded
// and dropped there, and keeps the page supplied with what a model thinks.
package studio
