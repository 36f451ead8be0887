package shop

import (
	"slices"
	"testing"
	"time"
)

func TestLarger(t *testing.T) {
	if Larger(1, 2) != 2 || Larger(3, 2) != 3 || Larger(2, 2) != 2 {
		t.Error("larger")
	}
}

func TestTill(t *testing.T) {
	for hour, want := range map[int]Answer{-1: Lost, 0: Closed, 8: Closed, 9: Open, 23: Open, 24: Lost} {
		if got, err := Till(hour, false); got != want || (err != nil) != (want == Lost) {
			t.Error(hour, got, err)
		}
	}
	if got, _ := Till(12, true); got != Closed {
		t.Error(got)
	}
}

func TestSum(t *testing.T) {
	total, seen := Sum([]string{"tea", "", "tea"})
	if total != 6 || !slices.Equal(seen, []string{"tea", "tea"}) {
		t.Error(total, seen)
	}
}

func TestWait(t *testing.T) {
	if wait, long := Wait(2); wait != 3*time.Minute || long {
		t.Error(wait, long)
	}
	if _, long := Wait(90); !long {
		t.Error(long)
	}
}

func TestName(t *testing.T) {
	if Name(0) != "zero" || Name(1) != "one" || Name(2) != "zero" {
		t.Error("name")
	}
}

func TestDown(t *testing.T) {
	if Down(0) != 0 || Down(1) != 7 || Down(2) != 7 {
		t.Error("down")
	}
}

func TestShadow(t *testing.T) {
	if Shadow("a") != "a" {
		t.Error("shadow")
	}
}
