package deployverify

import (
	"fmt"

	"github.com/slipway-actions/slipway/internal/probe"
)

// Codes of gRPC that mean something of their own here; see https://grpc.io/docs/guides/status-codes/.
const (
	grpcNotFound         = 5
	grpcPermissionDenied = 7
	grpcUnimplemented    = 12
	grpcUnauthenticated  = 16
)

// judgeHealth says what is wrong with an answer of grpc.health.v1. One that we may not have says nothing
// about the service.
func (s *sight) judgeHealth(c check, a probe.Answer) []string {
	s.whole = true
	said := ""
	if a.Detail != "" {
		said = ": " + shown(a.Detail)
	}
	switch a.Status {
	case 0:
		if a.Health == c.health {
			return nil
		}
		return []string{fmt.Sprintf("it is %s, wanted %s", shown(a.Health), c.health)}
	case grpcNotFound:
		return []string{fmt.Sprintf("it knows no service %q", c.asking.service)}
	case grpcUnimplemented:
		return []string{"it does not tell its health: it serves no grpc.health.v1.Health"}
	case grpcPermissionDenied, grpcUnauthenticated:
		return s.unclear(fmt.Sprintf("it does not tell us its health (status %d)%s", a.Status, said))
	}
	return []string{fmt.Sprintf("gRPC status %d%s", a.Status, said)}
}
