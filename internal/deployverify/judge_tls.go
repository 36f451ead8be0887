package deployverify

import (
	"crypto/tls"
	"fmt"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/probe"
)

// lowestProtocol is the lowest version of TLS that is allowed, by how the policy calls it.
var lowestProtocol = map[string]uint16{"": tls.VersionTLS12, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}

func (r certificateRule) wanted() []string {
	parts := []string{"a certificate that is believed", tls.VersionName(r.lowest) + " at least"}
	if r.validFor > 0 {
		parts = append(parts, "valid for "+duration.Format(r.validFor)+" yet")
	}
	if len(r.names) > 0 {
		parts = append(parts, "for "+list(r.names))
	}
	return parts
}

// judgeCertificate says what is wrong with a certificate that is believed.
func (s *sight) judgeCertificate(c check, seen *probe.Certificate) (problems []string) {
	if seen == nil || seen.Leaf == nil || seen.Until.IsZero() || c.certificate.lowest == 0 {
		return s.unclear("no certificate was seen")
	}
	s.whole = true
	if left := seen.Until.Sub(seen.At); left < c.certificate.validFor {
		problems = append(problems, fmt.Sprintf("it ends %s, in %s, wanted %s at least", seen.Until.UTC().Format(time.DateOnly), duration.Format(left.Truncate(time.Minute)), duration.Format(c.certificate.validFor)))
	}
	if seen.Protocol < c.certificate.lowest {
		problems = append(problems, fmt.Sprintf("%s with %s was agreed on, wanted %s at least", tls.VersionName(seen.Protocol), tls.CipherSuiteName(seen.Cipher), tls.VersionName(c.certificate.lowest)))
	}
	for _, name := range c.certificate.names {
		if seen.Leaf.VerifyHostname(name) != nil {
			problems = append(problems, "it is not for "+name)
		}
	}
	return problems
}
