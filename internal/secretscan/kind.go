package secretscan

import "strings"

// sniffed is how much of a file tells its kind, in bytes.
const sniffed = 8_000

// formats are how files begin that hold no text to be read, such as programs and archives. A file
// is taken for one if it holds a NUL as well: source that begins with "MZ" is source.
var formats = []string{
	"\x7fELF", "MZ", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe", "\x00asm", "dex\n", "!<arch>\n",
	"PK\x03\x04", "PK\x05\x06", "\x1f\x8b", "BZh", "\xfd7zXZ\x00", "7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07", "\x28\xb5\x2f\xfd", "\x04\x22\x4d\x18", "LZIP", "\x1f\x9d", "\x1f\xa0", "MSCF", "Cr24", "\xed\xab\xee\xdb",
	"%PDF", "{\\rtf", "%!PS", "SQLite format 3\x00", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "CWS", "FWS", "NES\x1a", "wOFF", "wOF2", "\x00\x01\x00\x00\x00", "OTTO",
	"\x89PNG\r\n\x1a\n", "GIF87a", "GIF89a", "\xff\xd8\xff", "RIFF", "BM", "II*\x00", "MM\x00*", "\x00\x00\x01\x00", "OggS", "ID3", "fLaC",
}

// tar is where an archive of that kind says that it is one.
const tar, tarAt = "ustar", 257

// binary tells of the beginning of a file whether it holds no text.
func binary(head string) bool {
	if !strings.Contains(head, "\x00") {
		return false
	}
	if len(head) > tarAt && strings.HasPrefix(head[tarAt:], tar) {
		return true
	}
	for _, f := range formats {
		if strings.HasPrefix(head, f) {
			return true
		}
	}
	return false
}

// wide tells whether a text has two bytes to a character, or more: UTF-16. What is of ASCII in it can
// be read once the NULs are gone.
func wide(text string) bool {
	return 4*strings.Count(text, "\x00") > len(text)
}
