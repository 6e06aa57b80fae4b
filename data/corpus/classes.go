package corpus

// The frequencies below are for a tract of 17 cm; burst spectra are those of
// Stevens, Acoustic Phonetics (1998), chapters 7 and 8: diffuse and falling at
// the lips, above 4 kHz behind the teeth, compact near F2 at the velum. Times
// are seconds and were set by eye, on spectrograms.

// kick is a lip burst over a cavity resonance whose pitch drops; voiced, it
// has the harmonics of the voice below 1 kHz.
func (g gesture) kick(s *stroke) {
	s.addBurst(burst{attack: 0.0004, decay: 0.005 * g.sec, gain: g.frictionGain(0.4),
		bands: []band{{520 * g.hz, 0.8, 1}, {1500 * g.hz, 1, 0.35}, {3800 * g.hz, 0.8, 0.12}}})
	s.addThump(thump{from: g.scatter(190 * g.v.pitch), to: g.scatter(72 * g.v.pitch),
		glide: g.scatter(0.016), decay: 0.042 * g.sec, gain: 1, voicing: g.v.voicing,
		bands: []band{{380 * g.hz, 3, 1}, {850 * g.hz, 4, 0.5}, {2300 * g.hz, 6, 0.1}}})
}

// hat is a tongue-tip burst and [s] friction, held and then falling.
func (g gesture) hat(s *stroke, hold, decay float64) {
	front := g.scatter(g.v.sibilHz) * g.habit.bright
	s.addBurst(burst{attack: 0.0003, decay: 0.0022, gain: g.scatter(0.6),
		bands: []band{{4200 * g.hz, 0.7, 1}, {front, 1.2, 0.6}}})
	s.addBurst(burst{attack: g.scatter(0.0018), hold: hold, decay: decay * g.sec, gain: g.frictionGain(0.8),
		bands: []band{{front, 2.2, 1}, {1.45 * front, 2, 0.6}, {3400 * g.hz, 1, 0.15}}})
}

// snare is a lip burst with a short thump, then friction between [f] and [ʃ].
func (g gesture) snare(s *stroke) {
	s.addBurst(burst{attack: 0.0004, decay: 0.005 * g.sec, gain: g.scatter(0.8),
		bands: []band{{700 * g.hz, 0.8, 1}, {1900 * g.hz, 0.9, 0.5}}})
	s.addThump(thump{from: g.scatter(270 * g.v.pitch), to: g.scatter(170 * g.v.pitch),
		glide: 0.010, decay: g.scatter(0.016), gain: 0.5})
	hush := min(max(g.v.hush+0.15*clampNormal(g.rng), 0), 1)
	s.addBurst(burst{delay: g.scatter(0.003), attack: g.scatter(0.005), hold: g.scatter(0.015),
		decay: 0.045 * g.sec, gain: g.frictionGain(0.6),
		bands: []band{{1600 * g.hz, 0.6, 0.5 * (1 - hush)}, {7000 * g.hz, 0.6, 0.6 * (1 - hush)},
			{2900 * g.hz, 1.8, hush}, {5000 * g.hz, 1.2, 0.6 * hush}, {900 * g.hz, 0.7, 0.15}}})
}

// snareK is a velar release, often double, with lateral friction from 2 to 4 kHz.
func (g gesture) snareK(s *stroke) {
	velar := []band{{1750 * g.hz, 3, 1}, {3300 * g.hz, 2, 0.4}}
	s.addBurst(burst{attack: 0.0003, decay: g.scatter(0.003), gain: g.scatter(0.8), bands: velar})
	s.addBurst(burst{delay: g.scatter(0.009), attack: 0.0004, decay: g.scatter(0.003),
		gain: g.scatter(0.5), bands: velar})
	s.addBurst(burst{delay: g.scatter(0.002), attack: g.scatter(0.004), hold: g.scatter(0.010),
		decay: 0.032 * g.sec, gain: g.frictionGain(0.7),
		bands: []band{{2200 * g.hz, 2.6, 1}, {3700 * g.hz, 2, 0.8}, {6200 * g.hz, 1.2, 0.3}}})
}

// rimshot is a dry velar ejective: two short resonances, rung by a little
// noise, and hardly any breath.
func (g gesture) rimshot(s *stroke) {
	s.addBurst(burst{attack: 0.0002, decay: g.scatter(0.0025), gain: g.scatter(0.7),
		bands: []band{{1500 * g.hz, 3, 1}, {2900 * g.hz, 3, 0.6}}})
	high, low := g.scatter(1500*g.hz), g.scatter(680*g.hz)
	s.addThump(thump{from: 1.06 * high, to: high, glide: 0.004, decay: 0.0055 * g.sec, gain: g.scatter(0.6)})
	s.addThump(thump{from: 1.1 * low, to: low, glide: 0.006, decay: 0.009 * g.sec, gain: g.scatter(0.4)})
	s.addBurst(burst{delay: 0.001, attack: 0.001, decay: 0.014 * g.sec, gain: g.frictionGain(0.3),
		bands: []band{{1700 * g.hz, 3, 1}, {3300 * g.hz, 1.5, 0.6}}})
}

// click is the pop of a tongue that leaves the palate: a cavity that opens, so
// that its resonance rises, and often the slap of the tongue landing.
func (g gesture) click(s *stroke) {
	s.addBurst(burst{attack: 0.0001, decay: 0.0008, gain: g.scatter(0.6),
		bands: []band{{3000 * g.hz, 0.7, 1}}})
	pop := g.scatter(1050 * g.hz)
	s.addThump(thump{from: 0.8 * pop, to: 1.2 * pop, glide: g.scatter(0.008),
		decay: 0.005 * g.sec, gain: 0.8})
	s.addBurst(burst{attack: 0.001, decay: 0.009 * g.sec, gain: g.frictionGain(0.3),
		bands: []band{{1.1 * pop, 3, 1}, {2600 * g.hz, 1.5, 0.5}}})
	s.addBurst(burst{delay: g.scatter(0.017), attack: 0.0005, decay: g.scatter(0.004), gain: g.frictionGain(0.15),
		bands: []band{{450 * g.hz, 1, 1}, {1300 * g.hz, 1, 0.4}}})
}
