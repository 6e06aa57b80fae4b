// Package sweep answers a question about a network, its patches or its training
// on a user's own data: it trains variants of one configuration on the same
// folds with the same seeds, and says which differ from it, by how much and how
// surely.
//
// Every training is a job whose result is a file, named by the hash of all that
// it depends on. A sweep can be killed and gone on with, split over machines
// and repeated at no cost, and its report is a function of those files.
package sweep
