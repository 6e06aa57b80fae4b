package train_test

import (
	"fmt"

	"prep/data"
	"prep/train"
)

// What a network costs is known before it is trained: the network of the
// question that prep grew from, on patches of 64 x 64 and 7 classes.
func ExampleNet_Describe() {
	c := train.Default()
	c.Net = "seed"
	net, err := c.Network()
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := net.Describe(train.Shape{Channels: 1, Bands: 64, Frames: 64}, 7)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range d.Rows {
		fmt.Println(row.Layer, "to", row.Out)
	}
	fmt.Printf("%d parameters, %.2f GMAC a patch, it sees %v of 64x64\n", d.Parameters, float64(d.MACs)/1e9, d.Field)
	// Output:
	// conv 64 @ 5x5 to 64x64x64
	// conv 64 @ 5x5 to 64x64x64
	// max pool 2x2 to 32x32x64
	// conv 128 @ 5x5 to 32x32x128
	// conv 128 @ 5x5 to 32x32x128
	// max pool 2x2 to 16x16x128
	// conv 256 @ 3x3 to 16x16x256
	// conv 256 @ 3x3 to 16x16x256
	// max pool 2x2 to 8x8x256
	// dense 7, softmax to 1x1x7
	// 1718727 parameters, 1.28 GMAC a patch, it sees 48x48 of 64x64
}

// A trained network names the patches of a set.
func ExampleModel_Predict() {
	set, err := data.Open("../cmd/prep/testdata/set-0.1.0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer set.Close()
	m, err := train.Load(train.ModelDir(set, "tiny"))
	if err != nil {
		fmt.Println(err)
		return
	}
	patches, err := set.Patches(m.Features)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer patches.Close()
	if err := m.CheckRecipe(patches.Recipe); err != nil {
		fmt.Println(err)
		return
	}
	p, err := patches.Patch(0)
	if err != nil {
		fmt.Println(err)
		return
	}
	probabilities, err := m.Predict([]data.Patch{p})
	if err != nil {
		fmt.Println(err)
		return
	}
	best := 0
	for i, q := range probabilities[0] {
		if q > probabilities[0][best] {
			best = i
		}
	}
	fmt.Printf("%s of %d classes, probability %.1f\n", m.Classes[best], len(m.Classes), probabilities[0][best])
	// Output: rimshot of 7 classes, probability 0.3
}
