package num

// Score is how well what was found agrees with what is there, each from 0 to 1.
type Score struct {
	F         float64 `json:"f"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
}

// NewScore returns the score of right ones among the found and the true ones:
// precision right/found, recall right/there, and F, their harmonic mean, 2
// right / (found + there) (van Rijsbergen, "Information Retrieval", 1979,
// chapter 7, with equal weights). It is 0 where there is nothing to divide by.
func NewScore(right, found, there int) Score {
	return Score{Share(2*right, found+there), Share(right, found), Share(right, there)}
}
