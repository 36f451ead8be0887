package probe

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// zone answers questions of one name by what stands for A and AAAA: addresses, or a word for what goes wrong.
type zone struct{ a, aaaa []string }

// resolverOf is a resolver that asks a server on the loopback.
func resolverOf(t *testing.T, z zone) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		for buffer := make([]byte, 4096); ; {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			if answer := z.answer(buffer[:n]); answer != nil {
				conn.WriteTo(answer, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func (z zone) answer(question []byte) []byte {
	var m dnsmessage.Message
	if m.Unpack(question) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	list := z.a
	if q.Type == dnsmessage.TypeAAAA {
		list = z.aaaa
	}
	for _, s := range list {
		header := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1}
		switch s {
		case "nxdomain":
			m.RCode = dnsmessage.RCodeNameError
		case "servfail":
			m.RCode = dnsmessage.RCodeServerFailure
		case "silent":
			return nil
		case "garbage":
			return []byte(strings.Repeat("x", 600))
		default:
			ip := net.ParseIP(s)
			if q.Type == dnsmessage.TypeA {
				m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: [4]byte(ip.To4())}})
			} else {
				m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: [16]byte(ip)}})
			}
		}
	}
	packed, err := m.Pack()
	if err != nil {
		return nil
	}
	return packed
}

func TestDNS(t *testing.T) {
	for name, test := range map[string]struct {
		zone    zone
		class   Class
		want    string // the addresses
		partial bool
	}{
		"both":           {zone{[]string{"192.0.2.2", "192.0.2.1", "192.0.2.2"}, []string{"2001:db8::1"}}, Answered, "192.0.2.1 192.0.2.2 2001:db8::1", false},
		"one kind":       {zone{[]string{"192.0.2.1"}, nil}, Answered, "192.0.2.1", false},
		"no such name":   {zone{[]string{"nxdomain"}, []string{"nxdomain"}}, Answered, "", false},
		"no address":     {zone{nil, nil}, Answered, "", false},
		"failure":        {zone{[]string{"servfail"}, []string{"servfail"}}, DNS, "", false},
		"half a failure": {zone{[]string{"192.0.2.1"}, []string{"servfail"}}, Answered, "192.0.2.1", true},
		"half, and none": {zone{nil, []string{"servfail"}}, DNS, "", false},
		"silent":         {zone{[]string{"silent"}, []string{"silent"}}, Timeout, "", false},
		"half silent":    {zone{[]string{"192.0.2.1"}, []string{"silent"}}, Answered, "192.0.2.1", true},
		"garbage":        {zone{[]string{"garbage"}, []string{"garbage"}}, Timeout, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := New()
			c.resolver = resolverOf(t, test.zone)
			timeout := 10 * time.Second
			if slices.Contains(append(test.zone.aaaa, test.zone.a...), "silent") || test.class == Timeout {
				timeout = time.Second
			}
			a := c.Do(t.Context(), Request{Kind: KindDNS, Target: "shop.example.", Timeout: timeout})
			got, partial := []string{}, false
			if a.Names != nil {
				partial = a.Names.Partial != ""
				for _, address := range a.Names.Addresses {
					got = append(got, address.String())
				}
			}
			if a.Class != test.class || strings.Join(got, " ") != test.want || partial != test.partial {
				t.Errorf("%+v, %+v; want %s %s", a, a.Names, test.class, test.want)
			}
		})
	}
}

// A message of a name server holds as many answers as it may; all are counted.
func TestDNSManyAnswers(t *testing.T) {
	var many []string
	for i := range 1500 {
		many = append(many, fmt.Sprintf("10.0.%d.%d", i/256, i%256))
	}
	var asked atomic.Int32
	z := zone{a: many}
	c := New()
	c.resolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		asked.Add(1)
		ours, theirs := net.Pipe() // no PacketConn, so that it is spoken to as over TCP
		go func() {
			defer theirs.Close()
			buffer := make([]byte, 4096)
			n, err := theirs.Read(buffer)
			for err == nil && n < 3 {
				var more int
				more, err = theirs.Read(buffer[n:])
				n += more
			}
			if answer := z.answer(buffer[2:n]); err == nil && answer != nil {
				theirs.Write(append([]byte{byte(len(answer) >> 8), byte(len(answer))}, answer...))
			}
		}()
		return ours, nil
	}}
	a := c.Do(t.Context(), Request{Kind: KindDNS, Target: "shop.example.", Timeout: 30 * time.Second})
	if a.Class != Answered || len(a.Names.Addresses) != 1500 || asked.Load() > 4 {
		t.Errorf("%s: %s, asked %d times", a.Class, a.Detail, asked.Load())
	}
}

// A name of the machine's own table may have addresses of one kind alone.
func TestDNSOfTheMachine(t *testing.T) {
	a := New().Do(t.Context(), Request{Kind: KindDNS, Target: "localhost", Timeout: 10 * time.Second})
	if a.Class != Answered || len(a.Names.Addresses) == 0 || !a.Names.Addresses[0].IsLoopback() || a.Names.Partial != "" {
		t.Errorf("%+v, %+v", a, a.Names)
	}
}
