package commit

import (
	"regexp"
	"slices"
	"strings"
)

// workItem is #12, owner/name#12 or SHOP-34, not within another word or an address.
var workItem = regexp.MustCompile(`(?:^|[^\w&/#.-])((?:[A-Za-z0-9][\w.-]{0,99}/[\w.-]{1,100})?#[1-9]\d{0,8}|[A-Z][A-Z0-9]{1,9}-[1-9]\d{0,6})\b`)

// standards look like work items and are none.
var standards = []string{"UTF", "SHA", "CVE", "CWE", "ISO", "RFC", "AES", "RSA", "ECMA", "IEC", "GHSA", "GPL", "LGPL", "AGPL", "MIT", "BSD", "TLS", "HTTP", "CP", "MD"}

// The most of a message that is looked at, and of items that are taken from it.
const (
	messageLooked = 64 << 10
	itemsTaken    = 20
)

// References are the work items that a message names, each once, in their order.
func References(message string) []string {
	var items []string
	for _, m := range workItem.FindAllStringSubmatch(message[:min(len(message), messageLooked)], -1) {
		if key, _, ok := strings.Cut(m[1], "-"); ok && !strings.Contains(m[1], "#") && slices.Contains(standards, key) {
			continue
		}
		if len(items) < itemsTaken && !slices.Contains(items, m[1]) {
			items = append(items, m[1])
		}
	}
	return items
}
