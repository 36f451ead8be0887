package sequential

// dispersion is by how much errors come in bursts.
type dispersion struct{ fixed float64 }

func newDispersion(fixed float64) dispersion { return dispersion{fixed: fixed} }

func (d *dispersion) temper() float64 {
	if d.fixed > 1 {
		return 1 / d.fixed
	}
	return 1
}

func (d *dispersion) add(canary, baseline Counts) {}
