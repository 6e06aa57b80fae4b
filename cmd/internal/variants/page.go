package variants

import (
	"slices"

	"prep/data/document"
	"prep/train/sweep"
)

// page returns the report in the order in which it is read, with the pictures
// that there are, PNGs by name.
func page(r sweep.Report, pictures map[string][]byte) document.Page {
	picture := func(title, file, caption string) document.Section {
		s := document.Section{Name: title}
		if png, ok := pictures[file]; ok {
			s.Pictures = []document.Picture{{Path: file, PNG: png, Caption: caption, Wide: true}}
		}
		return s
	}
	sections := []document.Section{
		{Name: "What was found", Words: findings(r), Tables: tables(resultTable(r))},
		picture("The differences", pictureDifferences, "Accuracy less the base's, with 95 % intervals over groups and trainings."),
		{Name: "The networks", Words: []string{"Kernels are the first layer's, fields those of the last convolution or " +
			"pooling, in bands x frames and in ms x Hz (bands at their mean distance); one larger than the patch sees all of it. Parameters per hit count training hits, " +
			"with copies. How fast each trains is in speed.csv, for it differs from run to run."}, Tables: tables(networkTable(r))},
		picture("Accuracy against parameters", pictureParameters, "One point an arm."),
		picture("Accuracy against multiplications", pictureMACs, "One point an arm."),
		{Name: "By class", Words: []string{"Recall of the base, and what each arm's is above it, in points. A star marks a " +
			"difference that stands Holm's correction over this whole table."}, Tables: tables(classTable(r))},
		{Name: "Would more data help?", Words: curveWords(r), Tables: tables(curveTable(r))},
		picture("The learning curves", pictureCurves, "Of the base: accuracy by what it learnt from, "+
			"and the fitted curve carried on to four times as much."),
		picture("What the first layer looks for", pictureKernels, "First-layer kernels of one fold; "+
			"frequency upwards, time to the right. Arms whose first layers have one shape begin with the same kernels: "+
			"how alike they are says how little training moved them."),
		picture("Where a class is heard", pictureOcclusion, "Bits of evidence for the true class that are "+
			"lost when a cell of a held-out patch is silenced, mean over hits of the class."),
		{Name: "What was left out", Tables: tables(skipTable(r))},
	}
	return document.Page{Title: "Sweep " + r.Name, Sections: slices.DeleteFunc(sections, func(s document.Section) bool {
		return len(s.Words)+len(s.Tables)+len(s.Pictures) == 0
	})}
}

// tables returns a table as a section has it: none where it has no rows.
func tables(t document.Table) []document.Table {
	if len(t.Rows) == 0 {
		return nil
	}
	return []document.Table{t}
}
