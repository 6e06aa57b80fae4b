// Package page is the labelling page: an http.Handler over a desk, and what it
// needs to be served on this machine and to nobody else.
//
// One lock, the page's, is held while the desk, the guesses and the pace are
// read or changed, and until the change is on its way to every tab: tabs see
// changes in the order in which they were made. Audio and pictures, which take
// longer, are read without it.
package page
