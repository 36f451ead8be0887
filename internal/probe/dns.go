package probe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
)

// resolve asks the machine's resolver for the addresses of a name, A and AAAA apart: where one of them cannot
// be looked up, the other alone is not the answer. That there are none is an answer.
func (c *Client) resolve(ctx context.Context, r Request) Answer {
	type half struct {
		addresses []netip.Addr
		err       error
	}
	halves := make(chan half, 2)
	for _, network := range []string{"ip4", "ip6"} {
		go func() {
			addresses, err := c.resolver.LookupNetIP(ctx, network, r.Target)
			if name, ok := as[*net.DNSError](err); ok && name.IsNotFound && !name.IsTimeout && !name.IsTemporary {
				addresses, err = nil, nil
			}
			if isA[*net.AddrError](err) { // the machine's own table has addresses of the other kind alone
				addresses, err = nil, nil
			}
			halves <- half{addresses, err}
		}()
	}
	var (
		names  Names
		failed []error
	)
	for range 2 {
		h := <-halves
		for _, address := range h.addresses {
			names.Addresses = append(names.Addresses, address.Unmap())
		}
		if h.err != nil {
			failed = append(failed, h.err)
		}
	}
	slices.SortFunc(names.Addresses, netip.Addr.Compare)
	names.Addresses = slices.Compact(names.Addresses)
	if len(failed) > 0 && len(names.Addresses) == 0 {
		a := c.failed(failed[0])
		if name, ok := as[*net.DNSError](errors.Join(failed...)); ok && name.IsTimeout {
			a.Class = Timeout
		}
		return a
	}
	if len(failed) > 0 {
		names.Partial = c.reason(failed[0])
	}
	return Answer{Class: Answered, Names: &names}
}
