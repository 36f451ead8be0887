package gonogo

// score is the risk of a change.
type score struct {
	known bool
	value int    // 0 to 100
	level string // low, medium or high
	why   string // it is not known
}

func riskOf(e evidence, r release) score { return score{why: "this release does not reckon it yet"} }
