//go:build verifyit

package verifyit

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// rate is how many requests a second customers make, however slow the answers are.
const rate = 300

// customers ask for products all the time, through the proxy.
type customers struct {
	asked  atomic.Int64
	failed atomic.Int64 // the answer was an error
	lost   atomic.Int64 // there was no answer
	unsent atomic.Int64 // this machine was too busy to ask
}

func (s *site) customers() *customers {
	c := &customers{}
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	waiting := make(chan struct{}, 1000)
	done := make(chan struct{})
	var all sync.WaitGroup
	ask := func() {
		defer all.Done()
		defer func() { <-waiting }()
		r, err := client.Get("http://" + s.front + "/products")
		if err != nil {
			c.lost.Add(1)
			return
		}
		defer r.Body.Close()
		io.Copy(io.Discard, r.Body)
		if r.StatusCode != http.StatusOK {
			c.failed.Add(1)
		}
	}
	all.Go(func() {
		began, tick := time.Now(), time.NewTicker(5*time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case now := <-tick.C:
				for due := int64(now.Sub(began).Seconds() * rate); c.asked.Load()+c.unsent.Load() < due; {
					select {
					case waiting <- struct{}{}:
						c.asked.Add(1)
						all.Add(1)
						go ask()
					default:
						c.unsent.Add(1)
					}
				}
			}
		}
	})
	s.Cleanup(func() {
		close(done)
		all.Wait()
		client.CloseIdleConnections()
		s.Logf("customers asked %d times; %d answers were errors, %d requests had none, %d could not be made", c.asked.Load(), c.failed.Load(), c.lost.Load(), c.unsent.Load())
	})
	return c
}

var reader = &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

// read is the body of a good answer, over a connection of its own.
func read(address string) (string, error) {
	r, err := reader.Get(address)
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err == nil && r.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d: %s", r.StatusCode, body)
	}
	return string(body), err
}

// query is what Prometheus says to an expression: values by the label that is asked for.
func (s *site) query(expression, label string) (map[string]float64, error) {
	body, err := read("http://" + s.numbers + "/api/v1/query?query=" + url.QueryEscape(expression))
	if err != nil {
		return nil, err
	}
	var said struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Value  [2]any
			}
		}
	}
	if err := json.Unmarshal([]byte(body), &said); err != nil {
		return nil, err
	}
	values := map[string]float64{}
	for _, r := range said.Data.Result {
		text, _ := r.Value[1].(string)
		if values[r.Metric[label]], err = strconv.ParseFloat(text, 64); err != nil {
			return nil, err
		}
	}
	return values, nil
}
