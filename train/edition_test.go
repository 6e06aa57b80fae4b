package train

import (
	"testing"

	"prep/data/datatest"
	"prep/train/conv"
)

// What a small training comes to is that of the edition: folds and stopping to
// the bit. Each path of the kernels has values of its own, as models do:
//
//	for k in generic avx2 avx512; do PREP_KERNELS=$k go test ./train -run TestEdition -golden; done
func TestEdition(t *testing.T) {
	golden := datatest.NewGolden(t, "train", conv.Path(), Edition)
	set := makeSet(t, 6, 3)
	c := smallConfig()
	r := mustRun(t, set, c)
	dir := set.Path("models", c.Name)
	history, err := ReadHistory(dir)
	if err != nil {
		t.Fatal(err)
	}
	predictions, err := ReadPredictions(dir)
	if err != nil {
		t.Fatal(err)
	}
	var rates, losses, probabilities []float64
	for _, e := range history {
		rates = append(rates, e.LearningRate)
		losses = append(losses, e.TrainLoss, e.ValidationLoss)
	}
	var held []string
	for _, p := range predictions {
		held = append(held, p.Hit)
		for _, q := range p.Probabilities {
			probabilities = append(probabilities, float64(q))
		}
	}
	// More steps than the small training takes.
	golden.Exact("average", []float64{averageShare(0), averageShare(100), averageShare(10000)})
	golden.Exact("folds", r.Report.Folds)
	golden.Exact("held out", held)
	golden.Exact("score", []any{r.Report.Accuracy, r.Report.CI, r.Report.MacroF1, r.Report.PerClass, r.Report.Baselines})
	golden.Exact("learning rates", rates)
	datatest.Near(golden, "losses", 1e-9, losses)
	datatest.Near(golden, "probabilities", 1e-9, probabilities)
}
