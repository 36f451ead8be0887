package chart

import (
	"math"
	"strconv"
	"strings"
)

// Number writes a value for people, with its unit: 1,234 ms, 0.4 %. Very large and very small ones are
// written by powers of ten.
func Number(v float64, unit string) string {
	switch {
	case math.IsNaN(v):
		return "none"
	case math.IsInf(v, 1):
		return "beyond every bound"
	case math.IsInf(v, -1):
		return "below every bound"
	}
	return withUnit(digits(v, 3), unit)
}

func withUnit(number, unit string) string {
	switch unit = legible(unit); unit {
	case "":
		return number
	case "%":
		return number + "%"
	}
	return number + " " + clip(unit, 12)
}

// digits writes a value with so many significant digits, and no fewer than its whole part has.
func digits(v float64, significant int) string {
	size := math.Abs(v)
	if size != 0 && (size >= 1e9 || size < 1e-4) {
		return power(strconv.FormatFloat(v, 'e', significant-1, 64))
	}
	decimals := 0
	if size > 0 {
		decimals = max(0, significant-1-int(math.Floor(math.Log10(size))))
	}
	return grouped(strconv.FormatFloat(v, 'f', decimals, 64))
}

// power shortens 1.20e+06 to 1.2e6.
func power(s string) string {
	mantissa, exponent, _ := strings.Cut(s, "e")
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	n, _ := strconv.Atoi(exponent)
	return mantissa + "e" + strconv.Itoa(n)
}

// grouped takes the idle zeros off and groups thousands.
func grouped(s string) string {
	whole, part, _ := strings.Cut(s, ".")
	if part = strings.TrimRight(part, "0"); part != "" {
		part = "." + part
	}
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	if sign != "" && part == "" && strings.Trim(whole, "0") == "" {
		sign = "" // a negative nothing
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return sign + whole + part
}
