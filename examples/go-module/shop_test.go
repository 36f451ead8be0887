package shop

import "testing"

func TestTotal(t *testing.T) {
	if got := Total(2900, 2); got != 5800 {
		t.Errorf("two of 2900 are %d", got)
	}
}
