package secretscan

import "strings"

// encoded tells whether a text may hold parts that the decoders would decode. They look with an
// expression that has to be tried at every byte, and in most texts there is nothing; this looks at
// each byte once. It may say yes in vain, but never no: the decoders take percent signs, Unicode
// escapes, 32 hex digits or more, and 16 letters of base64 or more, of which only printable ASCII
// may come out.
func encoded(text string) bool {
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '%' && i+2 < len(text) && hex[text[i+1]] >= 0 && hex[text[i+2]] >= 0:
			return true
		case c == '\\' && i+1 < len(text) && (text[i+1] == 'u' || text[i+1] == 'U'):
			return true
		case code[c] < 0:
			i++
			continue
		}
		if code[text[i]] < 0 { // a percent sign or backslash that means nothing
			i++
			continue
		}
		end := i + 1
		for end < len(text) && code[text[end]] >= 0 {
			end++
		}
		if saysMore(text[i:end]) {
			return true
		}
		i = end
	}
	return false
}

// saysMore tells whether a run of letters of base64 may be decoded.
func saysMore(run string) bool {
	if strings.Contains(run, "U+") {
		return true
	}
	digits := 0
	for digits < len(run) && hex[run[digits]] >= 0 {
		digits++
	}
	if digits >= 32 { // they are taken first, and the rest by itself
		return printable(run[:digits], 2) || saysMore(run[digits:])
	}
	return len(run) >= 16 && printable(run, 4)
}

// printable tells whether digits of a base, so many to a group, say printable ASCII. An unfinished
// group says nothing.
func printable(digits string, group int) bool {
	table, bits := &hex, 4
	if group == 4 {
		table, bits = &code, 6
	}
	for ; len(digits) >= group; digits = digits[group:] {
		value := 0
		for _, d := range []byte(digits[:group]) {
			value = value<<bits | int(table[d])
		}
		for n := group*bits - 8; n >= 0; n -= 8 {
			if b := value >> n & 0xff; b <= '\b' || b > '~' {
				return false
			}
		}
	}
	return true
}

// Values of digits, -1 for what is none. Base64 has both of its alphabets at once.
var (
	hex  = digits("0123456789abcdef", "0123456789ABCDEF")
	code = digits("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
)

func digits(alphabets ...string) (values [256]int8) {
	for i := range values {
		values[i] = -1
	}
	for _, a := range alphabets {
		for i, c := range []byte(a) {
			values[c] = int8(i)
		}
	}
	return values
}
